-- Writer: engine

ALTER TABLE conversions DROP COLUMN brought;
ALTER TABLE conversions DROP COLUMN lifted_at;
