-- Writer: engine

CREATE TABLE suppressions (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    customer TEXT,
    message TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX suppressions_by_created_at ON suppressions (shop, created_at, id);
CREATE INDEX suppressions_by_customer ON suppressions (shop, customer, created_at) WHERE customer IS NOT NULL;
