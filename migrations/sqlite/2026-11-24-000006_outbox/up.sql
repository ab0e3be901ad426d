-- Writer: engine

CREATE TABLE events (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    subject TEXT,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (shop, seq)
) STRICT;
CREATE INDEX events_by_subject ON events (shop, subject) WHERE subject IS NOT NULL;
-- An erasure takes the data down to the id of what it was about, and leaves the rest.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
WHEN ((NEW.id, NEW.shop, NEW.seq, NEW.kind, NEW.subject, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.seq, OLD.kind, OLD.subject, OLD.created_at)
    AND NEW.data = '{"id":"' || NEW.subject || '","erased":true}') IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM events WHERE shop = NEW.shop AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;

CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'voucher_issued' OR kind = 'credit_issued' OR kind = 'reward_withdrawn'),
    customer TEXT NOT NULL,
    customer_ref TEXT,
    recipient TEXT,
    locale TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'queued' OR status = 'sending' OR status = 'sent' OR status = 'retrying' OR status = 'failed' OR status = 'uncertain' OR status = 'no_address' OR status = 'suppressed'),
    reason TEXT,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    next_at INTEGER,
    sent_at INTEGER,
    message_id TEXT NOT NULL,
    resend_of TEXT,
    was_told INTEGER NOT NULL CHECK (was_told IN (0, 1)),
    repeated INTEGER NOT NULL CHECK (repeated IN (0, 1)),
    waiting_for TEXT,
    reward TEXT NOT NULL,
    withdrawal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX messages_by_created_at ON messages (shop, created_at, id);
CREATE INDEX messages_by_customer ON messages (shop, customer, created_at);
CREATE INDEX messages_by_status ON messages (shop, status, created_at);
CREATE INDEX messages_by_next_at ON messages (shop, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX messages_by_waiting_for ON messages ((shop || '/' || waiting_for)) WHERE waiting_for IS NOT NULL;
