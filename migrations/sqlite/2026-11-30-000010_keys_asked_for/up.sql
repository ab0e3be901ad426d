-- Writer: engine

-- The operator who made a key, or gave it more, while nobody else has approved it. Those that are there are the shop's.
ALTER TABLE api_keys ADD COLUMN asked_by TEXT NOT NULL DEFAULT 'null';
