-- Writer: engine

-- What the shop's analytics call the browser that an order or a referral came from: with consent, for 72 hours.
CREATE TABLE analytics_ids (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    subject TEXT NOT NULL,
    customer TEXT,
    ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX analytics_ids_by_kept_until ON analytics_ids (shop, kept_until, id);
CREATE INDEX analytics_ids_by_customer ON analytics_ids (shop, customer, created_at) WHERE customer IS NOT NULL;
