ALTER TABLE rewards DROP COLUMN reference;
