-- Writer: engine

-- What the shop's analytics call the browser that an order or a referral came from: with consent, for 72 hours.
CREATE TABLE analytics_ids (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    subject TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C",
    ids TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    kept_until BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX analytics_ids_by_kept_until ON analytics_ids (shop, kept_until, id);
CREATE INDEX analytics_ids_by_customer ON analytics_ids (shop, customer, created_at) WHERE customer IS NOT NULL;
