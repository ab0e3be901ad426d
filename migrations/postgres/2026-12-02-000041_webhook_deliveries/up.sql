-- Writer: delivery

-- How far each endpoint has got. A lease is a process's for as long as it runs; its number tells who had it last.
CREATE TABLE webhook_cursors (
    endpoint TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    lease BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    turn_at BIGINT NOT NULL,
    rest_until BIGINT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    failing_since BIGINT,
    failed_at BIGINT,
    late_at BIGINT
);

-- What did not arrive at the first try, what was asked for by hand, and nothing else. An erasure takes what a receiver
-- answered to an event of somebody who is erased.
CREATE TABLE webhook_deliveries (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    seq BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    tries BIGINT NOT NULL CHECK (tries >= 0),
    next_at BIGINT,
    tried_at BIGINT,
    http_status BIGINT,
    response TEXT COLLATE "C",
    fault TEXT COLLATE "C",
    took_ms BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX webhook_deliveries_by_created_at ON webhook_deliveries (shop, created_at, id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint, seq);
CREATE INDEX webhook_deliveries_by_next_at ON webhook_deliveries (endpoint, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_subject ON webhook_deliveries (shop, subject) WHERE subject IS NOT NULL;

-- Spans of events that are sent once more, or for the first time.
CREATE TABLE webhook_replays (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    to_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_replays_by_endpoint ON webhook_replays (endpoint, id);
