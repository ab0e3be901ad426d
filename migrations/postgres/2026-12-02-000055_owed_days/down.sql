DELETE FROM installation WHERE name = 'owed_days';
ALTER TABLE shop_heads DROP COLUMN owing;
ALTER TABLE accounts DROP COLUMN lots;
DROP TABLE owed_days;
