-- Writer: engine

ALTER TABLE conversions DROP COLUMN age_from;
