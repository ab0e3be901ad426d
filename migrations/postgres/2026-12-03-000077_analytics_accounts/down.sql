ALTER TABLE conversions DROP COLUMN analytics_consent;
DROP TABLE analytics_accounts;
