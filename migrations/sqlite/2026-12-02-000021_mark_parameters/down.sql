ALTER TABLE shops DROP COLUMN mark_parameters;
