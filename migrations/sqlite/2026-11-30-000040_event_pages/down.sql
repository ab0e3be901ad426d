DELETE FROM installation WHERE name = 'event_pages';
DROP TRIGGER events_no_delete;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END;
ALTER TABLE stored_answers DROP COLUMN told_seq;
ALTER TABLE stored_answers DROP COLUMN told_in;
DROP TABLE forgotten;
DROP TABLE event_pages;
