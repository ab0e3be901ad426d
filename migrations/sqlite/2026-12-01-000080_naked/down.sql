ALTER TABLE conversions DROP COLUMN naked_share;
