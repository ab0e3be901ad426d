-- Writer: readers of events

-- Who reads a shop's events by a name, and the last one that they have.
CREATE TABLE event_consumers (
    shop TEXT NOT NULL,
    name TEXT NOT NULL,
    after_seq INTEGER NOT NULL CHECK (after_seq >= 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (shop, name)
) STRICT, WITHOUT ROWID;
