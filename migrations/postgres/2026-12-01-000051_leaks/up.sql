-- Writer: engine

-- Since when a share's link is known to have got about, and the share that stands in its place.
ALTER TABLE shares ADD COLUMN leaked_at BIGINT;
ALTER TABLE shares ADD COLUMN fresh TEXT COLLATE "C";
-- Visits to which a page led that everybody can read.
ALTER TABLE share_counts ADD COLUMN public_visits BIGINT NOT NULL DEFAULT 0;
