-- Writer: engine

-- The events of a batch in one row. What stands in `events` comes into it by and by.
CREATE TABLE event_pages (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    subjects BLOB NOT NULL,
    body BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX event_pages_by_last_seq ON event_pages (shop, last_seq);
-- An erasure takes words out of the body, and leaves the rest.
CREATE TRIGGER event_pages_no_update BEFORE UPDATE ON event_pages
WHEN ((NEW.id, NEW.shop, NEW.first_seq, NEW.last_seq) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.first_seq, OLD.last_seq)) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;
CREATE TRIGGER event_pages_no_delete BEFORE DELETE ON event_pages
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;

-- What an erasure under way has still to take out of events.
CREATE TABLE forgotten (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    job TEXT,
    subject TEXT NOT NULL,
    until_seq INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX forgotten_by_job ON forgotten (shop, job, id);

-- Of an answer that an event tells as well, where it stands.
ALTER TABLE stored_answers ADD COLUMN told_in TEXT;
ALTER TABLE stored_answers ADD COLUMN told_seq INTEGER;

-- What stands in a page need not stand in a row of its own any more.
DROP TRIGGER events_no_delete;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM event_pages WHERE shop = OLD.shop AND last_seq >= OLD.seq AND first_seq <= OLD.seq)
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;

-- From now on events come in pages: no process of the release before serves this file any more.
INSERT INTO installation (name, value) VALUES ('event_pages', 'yes');
