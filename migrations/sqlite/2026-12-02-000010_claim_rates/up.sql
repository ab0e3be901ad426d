-- Writer: engine

-- How fast an offer's claims come by a share, in one row that is named by both. What earlier rows of counts say of the days
-- before is not taken over: for a day a share's usual rate is that of a new one.
CREATE TABLE claim_rates (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    today INTEGER NOT NULL CHECK (today >= 0),
    earlier INTEGER NOT NULL CHECK (earlier >= 0),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
