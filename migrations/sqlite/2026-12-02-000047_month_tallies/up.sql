-- Writer: engine

-- What is counted of a month by its first day and program: what, and how many. Only ever added to.
CREATE TABLE month_tallies (
    shop TEXT NOT NULL,
    month INTEGER NOT NULL,
    program TEXT NOT NULL,
    what TEXT NOT NULL,
    many INTEGER NOT NULL,
    PRIMARY KEY (shop, month, program, what)
) STRICT, WITHOUT ROWID;

-- Whether a share is the first of its customer in the program, since when they recommend there, and how long after the
-- share by which they came it was made.
ALTER TABLE shares ADD COLUMN first_of TEXT;
ALTER TABLE shares ADD COLUMN advocate_since INTEGER;
ALTER TABLE shares ADD COLUMN after_ms INTEGER;
CREATE UNIQUE INDEX shares_by_first_of ON shares ((shop || '/' || first_of)) WHERE first_of IS NOT NULL;
ALTER TABLE codes ADD COLUMN advocate_since INTEGER;
ALTER TABLE referrals ADD COLUMN advocate_since INTEGER;

-- How long after its share an order came that is the first of a friend.
ALTER TABLE conversions ADD COLUMN after_ms INTEGER;
