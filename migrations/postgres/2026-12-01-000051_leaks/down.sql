ALTER TABLE share_counts DROP COLUMN public_visits;
ALTER TABLE shares DROP COLUMN fresh;
ALTER TABLE shares DROP COLUMN leaked_at;
