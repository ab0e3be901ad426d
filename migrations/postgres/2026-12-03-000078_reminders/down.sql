DROP INDEX vouchers_by_remind_at;
ALTER TABLE vouchers DROP COLUMN remind_at;
