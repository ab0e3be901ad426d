-- Writer: engine

CREATE TABLE accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    balance BIGINT NOT NULL,
    floor BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    UNIQUE (shop, name, currency),
    CHECK (balance >= floor)
) WITH (fillfactor = 50);

CREATE TABLE entries (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('pending', 'issued', 'held', 'released', 'spent', 'unused', 'voided', 'expired', 'forgiven', 'reversed', 'moved')),
    debit TEXT COLLATE "C" NOT NULL,
    credit TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT COLLATE "C" NOT NULL,
    cause_type TEXT COLLATE "C" NOT NULL,
    cause_id TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C",
    reverses TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    CHECK (amount <= 9007199254740991),
    CHECK (debit <> credit)
);
CREATE INDEX entries_by_customer ON entries (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
