-- Writer: visits

-- What is counted of visits on a day, by program and channel. Only ever added
-- to. What of it stood in rows that are removed since stands beside it: so the rows that are left still prove the rest.
CREATE TABLE day_visits (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    program TEXT NOT NULL,
    channel TEXT NOT NULL,
    previews INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    unique_visits INTEGER NOT NULL,
    gone_previews INTEGER NOT NULL DEFAULT 0,
    gone_visits INTEGER NOT NULL DEFAULT 0,
    gone_unique INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, day, program, channel)
) STRICT, WITHOUT ROWID;

-- The day on which a row is counted, and how many came for the first time that day; nothing: it is from before.
ALTER TABLE visits ADD COLUMN day INTEGER;
ALTER TABLE visits ADD COLUMN fresh INTEGER;
