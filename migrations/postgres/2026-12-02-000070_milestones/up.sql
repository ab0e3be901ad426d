-- Writer: engine

-- The tally of a friend's kept orders that counts an order for milestones. Empty in orders of before, and of programs that have
-- no milestone.
ALTER TABLE conversions ADD COLUMN kept_as TEXT;
