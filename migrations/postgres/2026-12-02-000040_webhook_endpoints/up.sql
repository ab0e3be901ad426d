-- Writer: engine

CREATE TABLE webhook_endpoints (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    url TEXT COLLATE "C" NOT NULL,
    kinds TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    delivery_order TEXT COLLATE "C" NOT NULL,
    include_codes BIGINT NOT NULL CHECK (include_codes IN (0, 1)),
    status TEXT COLLATE "C" NOT NULL,
    disabled_by TEXT COLLATE "C",
    disabled_at BIGINT,
    enabled_at BIGINT NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    old_secret TEXT COLLATE "C",
    old_until BIGINT,
    from_seq BIGINT NOT NULL CHECK (from_seq >= 0),
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX webhook_endpoints_by_shop ON webhook_endpoints ((shop || '/' || shop));
CREATE INDEX webhook_endpoints_by_created_at ON webhook_endpoints (shop, created_at, id);
