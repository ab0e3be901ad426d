-- Writer: visits

-- What came together and cannot be told apart is one row with a count.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    shop TEXT NOT NULL,
    share TEXT NOT NULL,
    at INTEGER NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('person', 'preview')),
    device TEXT,
    channel TEXT,
    count INTEGER NOT NULL CHECK (count > 0)
) STRICT;
CREATE INDEX visits_by_share ON visits (shop, share, at);
CREATE INDEX visits_by_at ON visits (shop, at);

-- The id is the share's.
CREATE TABLE share_counts (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    previews INTEGER NOT NULL CHECK (previews >= 0),
    visits INTEGER NOT NULL CHECK (visits >= 0),
    unique_visits INTEGER NOT NULL CHECK (unique_visits >= 0),
    CHECK (unique_visits <= visits)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_counts_by_shop ON share_counts (shop);

-- Days since 1970; the salt and the hashes die after their day.
CREATE TABLE visit_salts (
    day INTEGER PRIMARY KEY NOT NULL,
    salt TEXT NOT NULL
) STRICT;

CREATE TABLE visitor_hashes (
    day INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (day, hash)
) STRICT, WITHOUT ROWID;
