-- Writer: engine

-- Who is spoken of in a record whose own columns do not name him: what an erasure looks for.
CREATE TABLE mentions (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX mentions_by_customer ON mentions (shop, customer, created_at);
