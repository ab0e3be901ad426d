-- Writer: engine

-- What is counted of a month by its first day and program: what, and how many. Only ever added to.
CREATE TABLE month_tallies (
    shop TEXT COLLATE "C" NOT NULL,
    month BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    many BIGINT NOT NULL,
    PRIMARY KEY (shop, month, program, what)
) WITH (fillfactor = 50);

-- Whether a share is the first of its customer in the program, since when they recommend there, and how long after the
-- share by which they came it was made.
ALTER TABLE shares ADD COLUMN first_of TEXT COLLATE "C";
ALTER TABLE shares ADD COLUMN advocate_since BIGINT;
ALTER TABLE shares ADD COLUMN after_ms BIGINT;
CREATE UNIQUE INDEX shares_by_first_of ON shares ((shop || '/' || first_of)) WHERE first_of IS NOT NULL;
ALTER TABLE codes ADD COLUMN advocate_since BIGINT;
ALTER TABLE referrals ADD COLUMN advocate_since BIGINT;

-- How long after its share an order came that is the first of a friend.
ALTER TABLE conversions ADD COLUMN after_ms BIGINT;
