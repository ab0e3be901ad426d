-- Writer: engine

CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'import_customers' OR kind = 'import_orders' OR kind = 'import_codes' OR kind = 'import_vouchers' OR kind = 'import_referrals' OR kind = 'erasure'),
    status TEXT NOT NULL CHECK (status = 'queued' OR status = 'running' OR status = 'finished' OR status = 'failed'),
    cursor INTEGER NOT NULL CHECK (cursor >= 0),
    done INTEGER NOT NULL CHECK (done BETWEEN 0 AND total),
    total INTEGER NOT NULL CHECK (total >= 0),
    known INTEGER NOT NULL CHECK (known BETWEEN 0 AND done),
    refused INTEGER NOT NULL CHECK (refused BETWEEN 0 AND done),
    reason TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    next_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX jobs_by_created_at ON jobs (shop, created_at, id);
CREATE INDEX jobs_by_next_at ON jobs (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE job_faults (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    job TEXT NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX job_faults_by_job ON job_faults (shop, job, line);
