-- Writer: engine

-- Accounts of a shop's at analytics, which are told of orders; how far each has got stands among the cursors of webhooks.
CREATE TABLE analytics_accounts (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    property TEXT NOT NULL,
    secret TEXT,
    status TEXT NOT NULL,
    disabled_by TEXT,
    disabled_at INTEGER,
    enabled_at INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX analytics_accounts_by_shop ON analytics_accounts (shop, created_at, id);

-- Whether who ordered agreed that the shop's analytics are told of it; of orders of before nobody knows.
ALTER TABLE conversions ADD COLUMN analytics_consent INTEGER NOT NULL DEFAULT 0;
