DROP INDEX hold_marks_by_subject;
CREATE INDEX hold_marks_by_subject ON hold_marks ((shop || '/' || subject)) WHERE subject IS NOT NULL;
ALTER TABLE hold_marks DROP COLUMN due_at;
