-- Writer: engine

-- When a program kept advocates without an offer; and where those stand who began then: trial × 1 000 + part, below zero
-- where they are held out. Empty in rows of before, and where there was no trial.
ALTER TABLE programs ADD COLUMN trials TEXT NOT NULL DEFAULT '[]';
ALTER TABLE shares ADD COLUMN arm INTEGER;
ALTER TABLE codes ADD COLUMN arm INTEGER;
ALTER TABLE referrals ADD COLUMN arm INTEGER;
ALTER TABLE conversions ADD COLUMN arm INTEGER;
