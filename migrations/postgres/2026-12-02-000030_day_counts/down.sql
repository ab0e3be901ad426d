DELETE FROM installation WHERE name = 'day_counts';
ALTER TABLE rewards DROP COLUMN counted_at;
ALTER TABLE rewards DROP COLUMN channel;
ALTER TABLE shops DROP COLUMN past_zones;
ALTER TABLE shop_heads DROP COLUMN counted;
DROP TABLE day_counts;
