-- Writer: engine

ALTER TABLE shops DROP COLUMN country;
