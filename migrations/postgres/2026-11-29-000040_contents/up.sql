-- Writer: engine

-- What was asked for when the shop made a voucher, as a hash; unknown of those that are older.
ALTER TABLE vouchers ADD COLUMN content TEXT;
