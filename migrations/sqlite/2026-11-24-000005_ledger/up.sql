-- Writer: engine

CREATE TABLE accounts (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    balance INTEGER NOT NULL,
    floor INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (shop, name, currency),
    CHECK (balance >= floor)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'pending' OR kind = 'issued' OR kind = 'held' OR kind = 'released' OR kind = 'spent' OR kind = 'unused' OR kind = 'voided' OR kind = 'expired' OR kind = 'forgiven' OR kind = 'reversed' OR kind = 'moved'),
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    cause_type TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    customer TEXT,
    reverses TEXT,
    created_at INTEGER NOT NULL,
    CHECK (amount <= 9007199254740991),
    CHECK (debit <> credit)
) STRICT;
CREATE INDEX entries_by_customer ON entries (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are only ever added to'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are only ever added to'); END;
CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added to'); END;
