-- Writer: visits

-- What is counted of visits on a day, by program and channel. Only ever added
-- to. What of it stood in rows that are removed since stands beside it: so the rows that are left still prove the rest.
CREATE TABLE day_visits (
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    previews BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    unique_visits BIGINT NOT NULL,
    gone_previews BIGINT NOT NULL DEFAULT 0,
    gone_visits BIGINT NOT NULL DEFAULT 0,
    gone_unique BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, day, program, channel)
) WITH (fillfactor = 50);

-- The day on which a row is counted, and how many came for the first time that day; nothing: it is from before.
ALTER TABLE visits ADD COLUMN day BIGINT;
ALTER TABLE visits ADD COLUMN fresh BIGINT;
