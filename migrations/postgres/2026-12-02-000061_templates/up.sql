-- Writer: engine

CREATE TABLE templates (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    kind TEXT COLLATE "C" NOT NULL,
    locale TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    body_text TEXT COLLATE "C" NOT NULL,
    body_html TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX templates_by_created_at ON templates (shop, created_at, id);
