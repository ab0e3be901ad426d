-- Writer: engine

-- The data of a few kilobytes is kept as it is: packing it would cost more than writing it.
CREATE TABLE events (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    data TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (shop, seq)
) WITH (toast_tuple_target = 8160);
CREATE INDEX events_by_subject ON events (shop, subject) WHERE subject IS NOT NULL;
-- An erasure takes the data down to the id of what it was about, and leaves the rest.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
    FOR EACH ROW WHEN (((NEW.id, NEW.shop, NEW.seq, NEW.kind, NEW.subject, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.seq, OLD.kind, OLD.subject, OLD.created_at)
    AND NEW.data = '{"id":"' || NEW.subject || '","erased":true}') IS NOT TRUE)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE messages (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('voucher_issued', 'credit_issued', 'reward_withdrawn')),
    customer TEXT COLLATE "C" NOT NULL,
    customer_ref TEXT COLLATE "C",
    recipient TEXT COLLATE "C",
    locale TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'retrying', 'failed', 'uncertain', 'no_address', 'suppressed')),
    reason TEXT COLLATE "C",
    tries BIGINT NOT NULL CHECK (tries >= 0),
    next_at BIGINT,
    sent_at BIGINT,
    message_id TEXT COLLATE "C" NOT NULL,
    resend_of TEXT COLLATE "C",
    was_told BIGINT NOT NULL CHECK (was_told IN (0, 1)),
    repeated BIGINT NOT NULL CHECK (repeated IN (0, 1)),
    waiting_for TEXT COLLATE "C",
    reward TEXT COLLATE "C" NOT NULL,
    withdrawal TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX messages_by_created_at ON messages (shop, created_at, id);
CREATE INDEX messages_by_customer ON messages (shop, customer, created_at);
CREATE INDEX messages_by_status ON messages (shop, status, created_at);
CREATE INDEX messages_by_next_at ON messages (shop, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX messages_by_waiting_for ON messages ((shop || '/' || waiting_for)) WHERE waiting_for IS NOT NULL;
