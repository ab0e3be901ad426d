-- Writer: engine

-- The shop's own id of what it handed over: a free product, or something of its own.
ALTER TABLE rewards ADD COLUMN reference TEXT;
