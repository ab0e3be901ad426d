-- Writer: engine

CREATE TABLE templates (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    subject TEXT,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX templates_by_created_at ON templates (shop, created_at, id);
