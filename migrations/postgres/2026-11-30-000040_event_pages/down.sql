DELETE FROM installation WHERE name = 'event_pages';
DROP TRIGGER events_no_delete ON events;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_loss_of_event();
ALTER TABLE stored_answers DROP COLUMN told_seq;
ALTER TABLE stored_answers DROP COLUMN told_in;
DROP TABLE forgotten;
DROP TABLE event_pages;
