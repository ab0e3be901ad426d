-- Writer: engine

CREATE TABLE announcements (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    audience TEXT NOT NULL,
    content TEXT NOT NULL,
    per_hour INTEGER NOT NULL CHECK (per_hour > 0),
    send_at INTEGER,
    pause_programs TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    written_by TEXT NOT NULL,
    approvals TEXT NOT NULL,
    rehearsal TEXT NOT NULL,
    counts TEXT NOT NULL,
    walked_at INTEGER,
    walked TEXT,
    starts_at INTEGER,
    next_at INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    reason TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX announcements_by_created_at ON announcements (shop, created_at, id);
CREATE INDEX announcements_by_starts_at ON announcements (shop, starts_at, id) WHERE starts_at IS NOT NULL;
CREATE INDEX announcements_by_next_at ON announcements (next_at) WHERE next_at IS NOT NULL;

-- Whom an announcement reached, and what became of each mail. Mails of other kinds do not pay for it.
CREATE INDEX messages_of_announcement ON messages (shop, reward, id, status) WHERE kind = 'announcement';

-- What the links of a program say while an announcement has paused it, by locale.
ALTER TABLE programs ADD COLUMN notice TEXT NOT NULL DEFAULT '{}';
