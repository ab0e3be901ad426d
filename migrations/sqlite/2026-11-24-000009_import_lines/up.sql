-- Writer: imports

-- What was sent in and is not done yet, some lines in each row; a row is removed when its lines are
-- done. A job that was never made leaves rows behind; they are removed when they are old.
CREATE TABLE import_lines (
    job TEXT NOT NULL,
    last INTEGER NOT NULL,
    lines TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (job, last)
) STRICT;
CREATE INDEX import_lines_by_created_at ON import_lines (created_at);
