-- Writer: engine

-- The events of a batch in one row. What stands in `events` comes into it by and by.
CREATE TABLE event_pages (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    first_seq BIGINT NOT NULL CHECK (first_seq > 0),
    last_seq BIGINT NOT NULL CHECK (last_seq >= first_seq),
    subjects BYTEA NOT NULL,
    body BYTEA NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX event_pages_by_last_seq ON event_pages (shop, last_seq);
-- It is packed already.
ALTER TABLE event_pages ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN subjects SET STORAGE EXTERNAL;
-- An erasure takes words out of the body, and leaves the rest.
CREATE TRIGGER event_pages_no_update BEFORE UPDATE ON event_pages
    FOR EACH ROW WHEN (((NEW.id, NEW.shop, NEW.first_seq, NEW.last_seq) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.first_seq, OLD.last_seq)) IS NOT TRUE)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_pages_no_delete BEFORE DELETE ON event_pages
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_pages_no_truncate BEFORE TRUNCATE ON event_pages
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an erasure under way has still to take out of events.
CREATE TABLE forgotten (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    job TEXT COLLATE "C",
    subject TEXT COLLATE "C" NOT NULL,
    until_seq BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX forgotten_by_job ON forgotten (shop, job, id);

-- Of an answer that an event tells as well, where it stands.
ALTER TABLE stored_answers ADD COLUMN told_in TEXT COLLATE "C";
ALTER TABLE stored_answers ADD COLUMN told_seq BIGINT;

-- What stands in a page need not stand in a row of its own any more.
CREATE FUNCTION refuse_loss_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM event_pages WHERE shop = OLD.shop AND last_seq >= OLD.seq AND first_seq <= OLD.seq) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'events are only ever added to';
END $$;
DROP TRIGGER events_no_delete ON events;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_event();

-- Processes of the release before may run beside this one, and read rows alone; `grapevine migrate --finish` says
-- when none does. Where there is no shop yet, there was none.
INSERT INTO installation (name, value) SELECT 'event_pages', 'yes' WHERE NOT EXISTS (SELECT 1 FROM shops);
