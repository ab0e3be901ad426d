-- Writer: engine

-- Who is spoken of in a record whose own columns do not name him: what an erasure looks for.
CREATE TABLE mentions (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    customer TEXT NOT NULL,
    record TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mentions_by_customer ON mentions (shop, customer, created_at);
