-- Writer: engine

CREATE TABLE suppressions (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    customer TEXT COLLATE "C",
    message TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX suppressions_by_created_at ON suppressions (shop, created_at, id);
CREATE INDEX suppressions_by_customer ON suppressions (shop, customer, created_at) WHERE customer IS NOT NULL;
