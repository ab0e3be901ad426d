-- Writer: page views

-- How people came to a shop's pages, by day: nothing of a page, a view or a person. Only ever added to.
CREATE TABLE arrivals (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    private INTEGER NOT NULL CHECK (private >= 0),
    suspected INTEGER NOT NULL CHECK (suspected >= 0),
    typed INTEGER NOT NULL CHECK (typed >= 0),
    search INTEGER NOT NULL CHECK (search >= 0),
    social INTEGER NOT NULL CHECK (social >= 0),
    other INTEGER NOT NULL CHECK (other >= 0),
    PRIMARY KEY (shop, day)
) STRICT, WITHOUT ROWID;

-- Which of its pages people type the address of; empty: the first alone.
ALTER TABLE shops ADD COLUMN typed_pages TEXT;
