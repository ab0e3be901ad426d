-- Writer: engine

-- By what the discount was come by that won an order: a code or a link. Empty where none did, and in orders of before.
ALTER TABLE conversions ADD COLUMN redeemed_by TEXT;
