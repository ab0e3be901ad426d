-- Writer: imports

-- What was sent in and is not done yet, some lines in each row; a row is removed when its lines are
-- done. A job that was never made leaves rows behind; they are removed when they are old.
CREATE TABLE import_lines (
    job TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL,
    lines TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (job, last)
);
CREATE INDEX import_lines_by_created_at ON import_lines (created_at);
