ALTER TABLE conversions DROP COLUMN kept_as;
