-- Writer: engine

-- What has something of a voucher, an account or a count is read by when it is over, however much that is.
ALTER TABLE hold_marks ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
UPDATE hold_marks SET due_at = COALESCE((SELECT expires_at FROM holds WHERE holds.id = hold_marks.hold), 0)
WHERE subject IS NOT NULL;
DROP INDEX hold_marks_by_subject;
CREATE INDEX hold_marks_by_subject ON hold_marks ((shop || '/' || subject), due_at, id) WHERE subject IS NOT NULL;
