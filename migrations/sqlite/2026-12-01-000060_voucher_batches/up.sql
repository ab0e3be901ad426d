-- Writer: engine

CREATE TABLE voucher_batches (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    bound INTEGER NOT NULL CHECK (bound IN (0, 1)),
    terms TEXT NOT NULL,
    pattern TEXT,
    count INTEGER NOT NULL CHECK (count BETWEEN 0 AND 9007199254740991),
    made INTEGER NOT NULL CHECK (made BETWEEN 0 AND count),
    next_code INTEGER NOT NULL CHECK (next_code >= 0),
    asked_by TEXT NOT NULL,
    status TEXT NOT NULL,
    job TEXT NOT NULL,
    reason TEXT,
    voided_at INTEGER,
    swept_at INTEGER,
    swept TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX voucher_batches_by_created_at ON voucher_batches (shop, created_at, id);

ALTER TABLE vouchers ADD COLUMN batch TEXT;
CREATE INDEX vouchers_by_batch ON vouchers (shop, batch, created_at, id) WHERE batch IS NOT NULL;

-- What a job works on.
ALTER TABLE jobs ADD COLUMN batch TEXT;
