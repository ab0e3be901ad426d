-- Writer: engine

CREATE TABLE refunds (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    refund_id TEXT COLLATE "C" NOT NULL,
    conversion TEXT COLLATE "C" NOT NULL,
    once TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    currency TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('refund', 'withdrawal', 'chargeback')),
    items TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    reversal TEXT COLLATE "C",
    rewards TEXT COLLATE "C" NOT NULL,
    conversion_status TEXT COLLATE "C" NOT NULL CHECK (conversion_status IN ('unpaid', 'pending', 'review', 'approved', 'cancelled', 'rejected', 'reversed')),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX refunds_by_once ON refunds ((shop || '/' || once));
CREATE INDEX refunds_by_conversion ON refunds ((shop || '/' || conversion));
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER refunds_no_update BEFORE UPDATE ON refunds
    FOR EACH ROW WHEN (((NEW.id, NEW.shop, NEW.refund_id, NEW.conversion, NEW.once, NEW.amount, NEW.currency, NEW.kind, NEW.items, NEW.reversal, NEW.rewards, NEW.conversion_status, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.refund_id, OLD.conversion, OLD.once, OLD.amount, OLD.currency, OLD.kind, OLD.items, OLD.reversal, OLD.rewards, OLD.conversion_status, OLD.created_at)
    AND NEW.reason IS NULL) IS NOT TRUE)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refunds_no_delete BEFORE DELETE ON refunds
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refunds_no_truncate BEFORE TRUNCATE ON refunds
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
