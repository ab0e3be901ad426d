-- Writer: delivery

-- How far each endpoint has got. A lease is a process's for as long as it runs; its number tells who had it last.
CREATE TABLE webhook_cursors (
    endpoint TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    lease INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    turn_at INTEGER NOT NULL,
    rest_until INTEGER NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    failing_since INTEGER,
    failed_at INTEGER,
    late_at INTEGER
) STRICT;

-- What did not arrive at the first try, what was asked for by hand, and nothing else. An erasure takes what a receiver
-- answered to an event of somebody who is erased.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    event TEXT NOT NULL,
    seq INTEGER,
    kind TEXT NOT NULL,
    subject TEXT,
    status TEXT NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    next_at INTEGER,
    tried_at INTEGER,
    http_status INTEGER,
    response TEXT,
    fault TEXT,
    took_ms INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX webhook_deliveries_by_created_at ON webhook_deliveries (shop, created_at, id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint, seq);
CREATE INDEX webhook_deliveries_by_next_at ON webhook_deliveries (endpoint, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_subject ON webhook_deliveries (shop, subject) WHERE subject IS NOT NULL;

-- Spans of events that are sent once more, or for the first time.
CREATE TABLE webhook_replays (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    to_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_replays_by_endpoint ON webhook_replays (endpoint, id);
