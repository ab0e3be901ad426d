ALTER TABLE vouchers DROP COLUMN content;
