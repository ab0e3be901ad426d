-- Writer: engine

-- How fast an offer's claims come by a share, in one row that is named by both. What earlier rows of counts say of the days
-- before is not taken over: for a day a share's usual rate is that of a new one.
CREATE TABLE claim_rates (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    today BIGINT NOT NULL CHECK (today >= 0),
    earlier BIGINT NOT NULL CHECK (earlier >= 0),
    version BIGINT NOT NULL CHECK (version > 0)
) WITH (fillfactor = 50);
