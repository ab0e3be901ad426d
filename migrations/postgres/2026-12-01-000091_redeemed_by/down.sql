ALTER TABLE conversions DROP COLUMN redeemed_by;
