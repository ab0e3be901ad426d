DROP INDEX codes_by_folded;
ALTER TABLE codes DROP COLUMN folded;
DROP TABLE taken_codes;
