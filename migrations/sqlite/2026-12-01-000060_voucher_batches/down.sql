ALTER TABLE jobs DROP COLUMN batch;
DROP INDEX vouchers_by_batch;
ALTER TABLE vouchers DROP COLUMN batch;
DROP TABLE voucher_batches;
