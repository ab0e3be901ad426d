-- Writer: engine

CREATE TABLE announcements (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    kind TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    per_hour BIGINT NOT NULL CHECK (per_hour > 0),
    send_at BIGINT,
    pause_programs TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    written_by TEXT COLLATE "C" NOT NULL,
    approvals TEXT COLLATE "C" NOT NULL,
    rehearsal TEXT COLLATE "C" NOT NULL,
    counts TEXT COLLATE "C" NOT NULL,
    walked_at BIGINT,
    walked TEXT COLLATE "C",
    starts_at BIGINT,
    next_at BIGINT,
    started_at BIGINT,
    finished_at BIGINT,
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX announcements_by_created_at ON announcements (shop, created_at, id);
CREATE INDEX announcements_by_starts_at ON announcements (shop, starts_at, id) WHERE starts_at IS NOT NULL;
CREATE INDEX announcements_by_next_at ON announcements (next_at) WHERE next_at IS NOT NULL;

-- Whom an announcement reached, and what became of each mail. Mails of other kinds do not pay for it.
CREATE INDEX messages_of_announcement ON messages (shop, reward, id, status) WHERE kind = 'announcement';

-- What the links of a program say while an announcement has paused it, by locale.
ALTER TABLE programs ADD COLUMN notice TEXT COLLATE "C" NOT NULL DEFAULT '{}';
