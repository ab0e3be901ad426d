-- Writer: visits

-- Visits lie in parts of a week each, so that what is old goes as a whole: dropped, not deleted. Weeks begin on Mondays
-- (UTC). What is there stays where it is, as the part of everything up to the end of this week. What comes for a week that
-- has no part yet, such as that of a shop whose clock is ahead, lies beside them.
ALTER TABLE visits RENAME TO visits_before;
ALTER TABLE visits_before ALTER COLUMN id DROP IDENTITY;
ALTER TABLE visits_before DROP CONSTRAINT visits_pkey;
ALTER INDEX visits_by_share RENAME TO visits_before_by_share;
ALTER INDEX visits_by_at RENAME TO visits_before_by_at;

CREATE TABLE visits (LIKE visits_before INCLUDING CONSTRAINTS, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX visits_by_share ON visits (shop, share, at);
CREATE INDEX visits_by_at ON visits (shop, at);
CREATE SEQUENCE visits_numbers OWNED BY visits.id;
ALTER TABLE visits ALTER COLUMN id SET DEFAULT nextval('visits_numbers');
SELECT setval('visits_numbers', coalesce(max(id), 0) + 1, false) FROM visits_before;

CREATE TABLE visits_beside PARTITION OF visits DEFAULT;
DO $$
DECLARE
    week_ends CONSTANT BIGINT := 1000 * CAST(extract(EPOCH FROM date_trunc('week', now() AT TIME ZONE 'UTC') + INTERVAL '7 days') AS BIGINT);
BEGIN
    WITH ahead AS (DELETE FROM visits_before WHERE at >= week_ends RETURNING *) INSERT INTO visits_beside SELECT * FROM ahead;
    EXECUTE format('ALTER TABLE visits ATTACH PARTITION visits_before FOR VALUES FROM (MINVALUE) TO (%s)', week_ends);
END $$;
