-- Writer: visits

-- What came together and cannot be told apart is one row with a count.
CREATE TABLE visits (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    share TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    class TEXT COLLATE "C" NOT NULL CHECK (class IN ('person', 'preview')),
    device TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    count BIGINT NOT NULL CHECK (count > 0)
);
CREATE INDEX visits_by_share ON visits (shop, share, at);
CREATE INDEX visits_by_at ON visits (shop, at);

-- The id is the share's.
CREATE TABLE share_counts (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    shop TEXT COLLATE "C" NOT NULL,
    previews BIGINT NOT NULL CHECK (previews >= 0),
    visits BIGINT NOT NULL CHECK (visits >= 0),
    unique_visits BIGINT NOT NULL CHECK (unique_visits >= 0),
    CHECK (unique_visits <= visits)
) WITH (fillfactor = 50);
CREATE INDEX share_counts_by_shop ON share_counts (shop);

-- Days since 1970; the salt and the hashes die after their day.
CREATE TABLE visit_salts (
    day BIGINT PRIMARY KEY NOT NULL,
    salt TEXT COLLATE "C" NOT NULL
);

CREATE TABLE visitor_hashes (
    day BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (day, hash)
);
