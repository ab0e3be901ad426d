-- Writer: visits

ALTER TABLE share_counts DROP COLUMN opened_at;
