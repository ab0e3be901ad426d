-- Writer: engine

-- The share at which an order is counted whose friend, for all that is known, opened no link of who recommended.
ALTER TABLE conversions ADD COLUMN naked_share TEXT COLLATE "C";
