ALTER TABLE conversions DROP COLUMN after_ms;
ALTER TABLE referrals DROP COLUMN advocate_since;
ALTER TABLE codes DROP COLUMN advocate_since;
DROP INDEX shares_by_first_of;
ALTER TABLE shares DROP COLUMN after_ms;
ALTER TABLE shares DROP COLUMN advocate_since;
ALTER TABLE shares DROP COLUMN first_of;
DROP TABLE month_tallies;
