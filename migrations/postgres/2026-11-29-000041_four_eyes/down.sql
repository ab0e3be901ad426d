ALTER TABLE vouchers DROP COLUMN asked_by;
ALTER TABLE grants DROP COLUMN approved_by;
ALTER TABLE grants DROP COLUMN purpose;
ALTER TABLE operators DROP COLUMN let_in_at;
ALTER TABLE operators DROP COLUMN let_in_by;
ALTER TABLE shops DROP COLUMN grant_limit_raise;
