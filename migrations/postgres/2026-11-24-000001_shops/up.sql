-- Writer: engine

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TABLE shops (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('test', 'live')),
    name TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    locales TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    link_base_url TEXT COLLATE "C",
    home_url TEXT COLLATE "C",
    landing_hosts TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    brand TEXT COLLATE "C" NOT NULL,
    browser_origins TEXT COLLATE "C" NOT NULL,
    mail TEXT COLLATE "C" NOT NULL,
    grant_approval_above BIGINT CHECK (grant_approval_above BETWEEN 0 AND 9007199254740991),
    test_recipients TEXT COLLATE "C" NOT NULL,
    never_discounted TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    UNIQUE (slug)
);

-- One small row for each shop: what a writer locks, and what changes with every command.
CREATE TABLE shop_heads (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    last_at BIGINT NOT NULL,
    clock_offset_ms BIGINT NOT NULL CHECK (clock_offset_ms >= 0),
    version BIGINT NOT NULL CHECK (version > 0)
) WITH (fillfactor = 50);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    name TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    UNIQUE (secret_hash)
);
CREATE INDEX api_keys_by_created_at ON api_keys (shop, created_at, id);

CREATE TABLE operators (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    email TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'support', 'manager', 'owner')),
    password_hash TEXT COLLATE "C" NOT NULL,
    disabled BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX operators_by_email ON operators ((shop || '/' || email));
CREATE INDEX operators_by_created_at ON operators (shop, created_at, id);

CREATE TABLE customers (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    external_id TEXT COLLATE "C",
    person TEXT COLLATE "C" NOT NULL,
    merged_into TEXT COLLATE "C",
    email TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    name TEXT COLLATE "C",
    first_name TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    attributes TEXT COLLATE "C" NOT NULL,
    consents TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    erased_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX customers_by_external_id ON customers ((shop || '/' || external_id)) WHERE external_id IS NOT NULL;
CREATE INDEX customers_by_created_at ON customers (shop, created_at, id);
CREATE INDEX customers_by_email ON customers (shop, email) WHERE email IS NOT NULL;
CREATE INDEX customers_by_person ON customers (shop, person, created_at);
CREATE INDEX customers_by_merged_into ON customers ((shop || '/' || merged_into)) WHERE merged_into IS NOT NULL;
CREATE INDEX customers_of_person ON customers ((shop || '/' || person));

-- Addresses as keyed hashes, which are their ids; the addresses themselves stand with their customers alone.
CREATE TABLE identities (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('email', 'phone')),
    person TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" REFERENCES customers (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX identities_by_customer ON identities ((shop || '/' || customer)) WHERE customer IS NOT NULL;

-- Persons who turned out to be one; nobody else has a row.
CREATE TABLE persons (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    merged_into TEXT COLLATE "C",
    aliases TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);

CREATE TABLE channels (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    name TEXT COLLATE "C" NOT NULL,
    spec TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    UNIQUE (shop, name)
);

CREATE TABLE audit_log (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject_type TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    request_id TEXT COLLATE "C"
);
CREATE INDEX audit_log_by_created_at ON audit_log (shop, created_at, id);
CREATE INDEX audit_log_by_subject_id ON audit_log (shop, subject_id, created_at);
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
    FOR EACH ROW WHEN (((NEW.id, NEW.shop, NEW.created_at, NEW.actor, NEW.action, NEW.subject_type, NEW.subject_id, NEW.request_id) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.created_at, OLD.actor, OLD.action, OLD.subject_type, OLD.subject_id, OLD.request_id)
    AND NEW.reason IS NULL) IS NOT TRUE)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An answer is read once, if ever: it is not worth packing.
CREATE TABLE stored_answers (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    fingerprint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    location TEXT COLLATE "C",
    etag TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    sealed BIGINT NOT NULL CHECK (sealed IN (0, 1)),
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
) WITH (toast_tuple_target = 8160);
CREATE INDEX stored_answers_by_expires_at ON stored_answers (expires_at);
CREATE INDEX stored_answers_by_subject ON stored_answers (shop, subject) WHERE subject IS NOT NULL;

-- The number of each writer's last batch, by which a COMMIT whose answer was lost is found out.
CREATE TABLE engine_writers (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    batch BIGINT NOT NULL,
    at BIGINT NOT NULL
) WITH (fillfactor = 50);

-- What is made once for an installation, for example its secret.
CREATE TABLE installation (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT COLLATE "C" NOT NULL
);
