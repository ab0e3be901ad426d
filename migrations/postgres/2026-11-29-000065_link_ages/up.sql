-- Writer: visits

-- When a person last opened a link: how old a token is that came without the mark of a visit.
ALTER TABLE share_counts ADD COLUMN opened_at BIGINT;
UPDATE share_counts SET opened_at = (
    SELECT max(visits.at) FROM visits
    WHERE visits.shop = share_counts.shop AND visits.share = share_counts.id AND visits.class = 'person'
);
