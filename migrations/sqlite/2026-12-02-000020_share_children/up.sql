-- Writer: engine

-- Who shared on: the shares that came by another.
CREATE INDEX shares_by_parent ON shares (shop, parent, created_at, id) WHERE parent IS NOT NULL;
