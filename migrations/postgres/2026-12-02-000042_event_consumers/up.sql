-- Writer: readers of events

-- Who reads a shop's events by a name, and the last one that they have.
CREATE TABLE event_consumers (
    shop TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    after_seq BIGINT NOT NULL CHECK (after_seq >= 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (shop, name)
);
