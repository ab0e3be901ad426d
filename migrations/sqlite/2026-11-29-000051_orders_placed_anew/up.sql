-- Writer: engine

-- An order that was cancelled and is placed or paid after all lives again, with what came with it.
ALTER TABLE conversions ADD COLUMN lifted_at INTEGER;
ALTER TABLE conversions ADD COLUMN brought TEXT;
