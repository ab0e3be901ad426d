-- Writer: engine

-- Accounts of a shop's at analytics, which are told of orders; how far each has got stands among the cursors of webhooks.
CREATE TABLE analytics_accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    kind TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    property TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    disabled_by TEXT COLLATE "C",
    disabled_at BIGINT,
    enabled_at BIGINT NOT NULL,
    from_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX analytics_accounts_by_shop ON analytics_accounts (shop, created_at, id);

-- Whether who ordered agreed that the shop's analytics are told of it; of orders of before nobody knows.
ALTER TABLE conversions ADD COLUMN analytics_consent BIGINT NOT NULL DEFAULT 0;
