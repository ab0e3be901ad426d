-- Writer: engine

-- What a voucher lets people attend, where it is a pass, and by what that event is known.
ALTER TABLE vouchers ADD COLUMN pass TEXT;
ALTER TABLE vouchers ADD COLUMN event TEXT;
CREATE INDEX vouchers_by_event ON vouchers (shop, event, created_at, id) WHERE event IS NOT NULL;
CREATE INDEX vouchers_that_are_passes ON vouchers (shop, created_at, id) WHERE event IS NOT NULL;

-- That people were let in by a pass: named after it, so that there is one.
CREATE TABLE admissions (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    voucher TEXT NOT NULL,
    first TEXT NOT NULL,
    others TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX admissions_by_time ON admissions (shop, created_at, id);
