DROP TABLE admissions;
DROP INDEX vouchers_that_are_passes;
DROP INDEX vouchers_by_event;
ALTER TABLE vouchers DROP COLUMN event;
ALTER TABLE vouchers DROP COLUMN pass;
