-- Writer: engine

CREATE TABLE voucher_batches (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    imported BIGINT NOT NULL CHECK (imported IN (0, 1)),
    bound BIGINT NOT NULL CHECK (bound IN (0, 1)),
    terms TEXT COLLATE "C" NOT NULL,
    pattern TEXT COLLATE "C",
    count BIGINT NOT NULL CHECK (count BETWEEN 0 AND 9007199254740991),
    made BIGINT NOT NULL CHECK (made BETWEEN 0 AND count),
    next_code BIGINT NOT NULL CHECK (next_code >= 0),
    asked_by TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    job TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    voided_at BIGINT,
    swept_at BIGINT,
    swept TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX voucher_batches_by_created_at ON voucher_batches (shop, created_at, id);

ALTER TABLE vouchers ADD COLUMN batch TEXT COLLATE "C";
CREATE INDEX vouchers_by_batch ON vouchers (shop, batch, created_at, id) WHERE batch IS NOT NULL;

-- What a job works on.
ALTER TABLE jobs ADD COLUMN batch TEXT COLLATE "C";
