DELETE FROM installation WHERE name = 'day_tallies';
ALTER TABLE shop_heads DROP COLUMN tallied;
ALTER TABLE rewards DROP COLUMN placed;
ALTER TABLE conversions DROP COLUMN placed;
ALTER TABLE referrals DROP COLUMN placed;
ALTER TABLE shares DROP COLUMN placed;
ALTER TABLE shops DROP COLUMN placements;
DROP TABLE place_counts;
