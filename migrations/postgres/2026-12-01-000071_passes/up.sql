-- Writer: engine

-- What a voucher lets people attend, where it is a pass, and by what that event is known.
ALTER TABLE vouchers ADD COLUMN pass TEXT COLLATE "C";
ALTER TABLE vouchers ADD COLUMN event TEXT COLLATE "C";
CREATE INDEX vouchers_by_event ON vouchers (shop, event, created_at, id) WHERE event IS NOT NULL;
CREATE INDEX vouchers_that_are_passes ON vouchers (shop, created_at, id) WHERE event IS NOT NULL;

-- That people were let in by a pass: named after it, so that there is one.
CREATE TABLE admissions (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    voucher TEXT COLLATE "C" NOT NULL,
    first TEXT COLLATE "C" NOT NULL,
    others TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX admissions_by_time ON admissions (shop, created_at, id);
