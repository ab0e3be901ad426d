-- Writer: page views

-- How people came to a shop's pages, by day: nothing of a page, a view or a person. Only ever added to.
CREATE TABLE arrivals (
    shop TEXT NOT NULL,
    day BIGINT NOT NULL,
    private BIGINT NOT NULL CHECK (private >= 0),
    suspected BIGINT NOT NULL CHECK (suspected >= 0),
    typed BIGINT NOT NULL CHECK (typed >= 0),
    search BIGINT NOT NULL CHECK (search >= 0),
    social BIGINT NOT NULL CHECK (social >= 0),
    other BIGINT NOT NULL CHECK (other >= 0),
    PRIMARY KEY (shop, day)
);

-- Which of its pages people type the address of; empty: the first alone.
ALTER TABLE shops ADD COLUMN typed_pages TEXT;
