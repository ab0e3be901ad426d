-- Writer: engine

CREATE TABLE refunds (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    conversion TEXT NOT NULL,
    once TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    currency TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'refund' OR kind = 'withdrawal' OR kind = 'chargeback'),
    items TEXT NOT NULL,
    reason TEXT,
    reversal TEXT,
    rewards TEXT NOT NULL,
    conversion_status TEXT NOT NULL CHECK (conversion_status = 'unpaid' OR conversion_status = 'pending' OR conversion_status = 'review' OR conversion_status = 'approved' OR conversion_status = 'cancelled' OR conversion_status = 'rejected' OR conversion_status = 'reversed'),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX refunds_by_once ON refunds ((shop || '/' || once));
CREATE INDEX refunds_by_conversion ON refunds ((shop || '/' || conversion));
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER refunds_no_update BEFORE UPDATE ON refunds
WHEN ((NEW.id, NEW.shop, NEW.refund_id, NEW.conversion, NEW.once, NEW.amount, NEW.currency, NEW.kind, NEW.items, NEW.reversal, NEW.rewards, NEW.conversion_status, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.refund_id, OLD.conversion, OLD.once, OLD.amount, OLD.currency, OLD.kind, OLD.items, OLD.reversal, OLD.rewards, OLD.conversion_status, OLD.created_at)
    AND NEW.reason IS NULL) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'refunds are only ever added to'); END;
CREATE TRIGGER refunds_no_delete BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'refunds are only ever added to'); END;
CREATE TRIGGER refunds_no_replace BEFORE INSERT ON refunds
WHEN EXISTS (SELECT 1 FROM refunds WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM refunds WHERE (shop || '/' || once) = NEW.shop || '/' || NEW.once)
BEGIN SELECT RAISE(ABORT, 'refunds are only ever added to'); END;
