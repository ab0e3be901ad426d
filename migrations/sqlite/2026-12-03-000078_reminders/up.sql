-- Writer: engine

-- When the customer of a voucher is reminded of it; empty where the shop does not want that, and in vouchers of before.
ALTER TABLE vouchers ADD COLUMN remind_at INTEGER;
CREATE INDEX vouchers_by_remind_at ON vouchers (shop, remind_at, id) WHERE remind_at IS NOT NULL;
