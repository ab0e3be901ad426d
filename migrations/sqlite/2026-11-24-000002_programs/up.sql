-- Writer: engine

CREATE TABLE programs (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'draft' OR status = 'active' OR status = 'paused' OR status = 'ended'),
    priority INTEGER NOT NULL,
    landing_url TEXT NOT NULL,
    rules TEXT NOT NULL,
    content TEXT NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    created_at INTEGER NOT NULL,
    activated_at INTEGER,
    ended_at INTEGER,
    pauses TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX programs_by_slug ON programs ((shop || '/' || slug));
CREATE INDEX programs_by_created_at ON programs (shop, created_at, id);
CREATE INDEX programs_by_ends_at ON programs (shop, ends_at, id) WHERE ends_at IS NOT NULL AND status IN ('active', 'paused');

CREATE TABLE codes (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    program TEXT NOT NULL REFERENCES programs (id),
    customer TEXT NOT NULL REFERENCES customers (id),
    customer_ref TEXT,
    code TEXT NOT NULL,
    plain TEXT NOT NULL,
    share TEXT NOT NULL,
    holder TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX codes_by_plain ON codes ((shop || '/' || plain));
CREATE UNIQUE INDEX codes_by_holder ON codes ((shop || '/' || holder));
CREATE INDEX codes_by_customer ON codes (shop, customer, created_at);

CREATE TABLE shares (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    program TEXT NOT NULL REFERENCES programs (id),
    customer TEXT REFERENCES customers (id),
    customer_ref TEXT,
    channel TEXT NOT NULL,
    private INTEGER NOT NULL CHECK (private IN (0, 1)),
    channel_inferred TEXT,
    token TEXT NOT NULL,
    spot TEXT,
    landing_url TEXT,
    preview TEXT NOT NULL,
    placement TEXT,
    locale TEXT NOT NULL,
    parent TEXT,
    root TEXT NOT NULL,
    depth INTEGER NOT NULL CHECK (depth > 0),
    sent_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (token)
) STRICT;
CREATE UNIQUE INDEX shares_by_spot ON shares ((shop || '/' || spot)) WHERE spot IS NOT NULL;
CREATE UNIQUE INDEX shares_by_token ON shares ((shop || '/' || token));
CREATE INDEX shares_by_created_at ON shares (shop, created_at, id);
CREATE INDEX shares_by_customer ON shares (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX shares_by_root ON shares (shop, root, created_at);

CREATE TABLE referrals (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    program TEXT NOT NULL,
    friend TEXT NOT NULL,
    friend_ref TEXT,
    person TEXT NOT NULL,
    advocate TEXT NOT NULL,
    advocate_ref TEXT,
    share TEXT,
    channel TEXT,
    method TEXT NOT NULL CHECK (method = 'voucher' OR method = 'code' OR method = 'token' OR method = 'referral' OR method = 'operator' OR method = 'none'),
    status TEXT NOT NULL CHECK (status = 'open' OR status = 'converted' OR status = 'expired' OR status = 'rejected'),
    conversions INTEGER NOT NULL CHECK (conversions >= 0),
    refused_rewards TEXT NOT NULL,
    pair TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX referrals_by_pair ON referrals ((shop || '/' || pair));
CREATE INDEX referrals_by_created_at ON referrals (shop, created_at, id);
CREATE INDEX referrals_by_friend ON referrals (shop, friend, created_at);
CREATE INDEX referrals_by_person ON referrals ((shop || '/' || person));
CREATE INDEX referrals_by_advocate ON referrals (shop, advocate, created_at);
CREATE INDEX referrals_by_status ON referrals (shop, status, created_at);
CREATE INDEX referrals_by_expires_at ON referrals (shop, expires_at, id) WHERE status = 'open';
