-- Writer: engine

CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    payload TEXT NOT NULL,
    delivery_order TEXT NOT NULL,
    include_codes INTEGER NOT NULL CHECK (include_codes IN (0, 1)),
    status TEXT NOT NULL,
    disabled_by TEXT,
    disabled_at INTEGER,
    enabled_at INTEGER NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_until INTEGER,
    from_seq INTEGER NOT NULL CHECK (from_seq >= 0),
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX webhook_endpoints_by_shop ON webhook_endpoints ((shop || '/' || shop));
CREATE INDEX webhook_endpoints_by_created_at ON webhook_endpoints (shop, created_at, id);
