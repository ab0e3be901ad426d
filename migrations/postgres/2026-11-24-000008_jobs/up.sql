-- Writer: engine

CREATE TABLE jobs (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('import_customers', 'import_orders', 'import_codes', 'import_vouchers', 'import_referrals', 'erasure')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('queued', 'running', 'finished', 'failed')),
    cursor BIGINT NOT NULL CHECK (cursor >= 0),
    done BIGINT NOT NULL CHECK (done BETWEEN 0 AND total),
    total BIGINT NOT NULL CHECK (total >= 0),
    known BIGINT NOT NULL CHECK (known BETWEEN 0 AND done),
    refused BIGINT NOT NULL CHECK (refused BETWEEN 0 AND done),
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    next_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX jobs_by_created_at ON jobs (shop, created_at, id);
CREATE INDEX jobs_by_next_at ON jobs (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE job_faults (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    job TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX job_faults_by_job ON job_faults (shop, job, line);
