-- Writer: engine

-- What the age of the winning evidence is counted from.
ALTER TABLE conversions ADD COLUMN age_from TEXT
    CHECK (age_from = 'mark' OR age_from = 'opened' OR age_from = 'made');
