-- Writer: engine

CREATE TABLE shops (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locales TEXT NOT NULL,
    slug TEXT NOT NULL,
    link_base_url TEXT,
    home_url TEXT,
    landing_hosts TEXT NOT NULL,
    sender TEXT NOT NULL,
    brand TEXT NOT NULL,
    browser_origins TEXT NOT NULL,
    mail TEXT NOT NULL,
    grant_approval_above INTEGER CHECK (grant_approval_above BETWEEN 0 AND 9007199254740991),
    test_recipients TEXT NOT NULL,
    never_discounted TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (slug)
) STRICT;

-- One small row for each shop: what a writer locks, and what changes with every command.
CREATE TABLE shop_heads (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    last_at INTEGER NOT NULL,
    clock_offset_ms INTEGER NOT NULL CHECK (clock_offset_ms >= 0),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (secret_hash)
) STRICT;
CREATE INDEX api_keys_by_created_at ON api_keys (shop, created_at, id);

CREATE TABLE operators (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role = 'viewer' OR role = 'support' OR role = 'manager' OR role = 'owner'),
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX operators_by_email ON operators ((shop || '/' || email));
CREATE INDEX operators_by_created_at ON operators (shop, created_at, id);

CREATE TABLE customers (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    external_id TEXT,
    person TEXT NOT NULL,
    merged_into TEXT,
    email TEXT,
    phone TEXT,
    name TEXT,
    first_name TEXT,
    locale TEXT,
    attributes TEXT NOT NULL,
    consents TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    erased_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX customers_by_external_id ON customers ((shop || '/' || external_id)) WHERE external_id IS NOT NULL;
CREATE INDEX customers_by_created_at ON customers (shop, created_at, id);
CREATE INDEX customers_by_email ON customers (shop, email) WHERE email IS NOT NULL;
CREATE INDEX customers_by_person ON customers (shop, person, created_at);
CREATE INDEX customers_by_merged_into ON customers ((shop || '/' || merged_into)) WHERE merged_into IS NOT NULL;
CREATE INDEX customers_of_person ON customers ((shop || '/' || person));

-- Addresses as keyed hashes, which are their ids; the addresses themselves stand with their customers alone.
CREATE TABLE identities (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    person TEXT NOT NULL,
    customer TEXT REFERENCES customers (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_customer ON identities ((shop || '/' || customer)) WHERE customer IS NOT NULL;

-- Persons who turned out to be one; nobody else has a row.
CREATE TABLE persons (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    merged_into TEXT,
    aliases TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE channels (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (shop, name)
) STRICT;

CREATE TABLE audit_log (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    reason TEXT,
    request_id TEXT
) STRICT;
CREATE INDEX audit_log_by_created_at ON audit_log (shop, created_at, id);
CREATE INDEX audit_log_by_subject_id ON audit_log (shop, subject_id, created_at);
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
WHEN ((NEW.id, NEW.shop, NEW.created_at, NEW.actor, NEW.action, NEW.subject_type, NEW.subject_id, NEW.request_id) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.created_at, OLD.actor, OLD.action, OLD.subject_type, OLD.subject_id, OLD.request_id)
    AND NEW.reason IS NULL) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;

CREATE TABLE stored_answers (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    subject TEXT,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    etag TEXT,
    body TEXT NOT NULL,
    sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX stored_answers_by_expires_at ON stored_answers (expires_at);
CREATE INDEX stored_answers_by_subject ON stored_answers (shop, subject) WHERE subject IS NOT NULL;

-- The number of each writer's last batch, by which a COMMIT whose answer was lost is found out.
CREATE TABLE engine_writers (
    id TEXT PRIMARY KEY NOT NULL,
    batch INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is made once for an installation, for example its secret.
CREATE TABLE installation (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
