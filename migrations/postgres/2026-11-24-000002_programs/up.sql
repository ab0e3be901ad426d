-- Writer: engine

CREATE TABLE programs (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'ended')),
    priority BIGINT NOT NULL,
    landing_url TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    created_at BIGINT NOT NULL,
    activated_at BIGINT,
    ended_at BIGINT,
    pauses TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX programs_by_slug ON programs ((shop || '/' || slug));
CREATE INDEX programs_by_created_at ON programs (shop, created_at, id);
CREATE INDEX programs_by_ends_at ON programs (shop, ends_at, id) WHERE ends_at IS NOT NULL AND status IN ('active', 'paused');

CREATE TABLE codes (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    program TEXT COLLATE "C" NOT NULL REFERENCES programs (id),
    customer TEXT COLLATE "C" NOT NULL REFERENCES customers (id),
    customer_ref TEXT COLLATE "C",
    code TEXT COLLATE "C" NOT NULL,
    plain TEXT COLLATE "C" NOT NULL,
    share TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX codes_by_plain ON codes ((shop || '/' || plain));
CREATE UNIQUE INDEX codes_by_holder ON codes ((shop || '/' || holder));
CREATE INDEX codes_by_customer ON codes (shop, customer, created_at);

CREATE TABLE shares (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL REFERENCES shops (id),
    program TEXT COLLATE "C" NOT NULL REFERENCES programs (id),
    customer TEXT COLLATE "C" REFERENCES customers (id),
    customer_ref TEXT COLLATE "C",
    channel TEXT COLLATE "C" NOT NULL,
    private BIGINT NOT NULL CHECK (private IN (0, 1)),
    channel_inferred TEXT COLLATE "C",
    token TEXT COLLATE "C" NOT NULL,
    spot TEXT COLLATE "C",
    landing_url TEXT COLLATE "C",
    preview TEXT COLLATE "C" NOT NULL,
    placement TEXT COLLATE "C",
    locale TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C",
    root TEXT COLLATE "C" NOT NULL,
    depth BIGINT NOT NULL CHECK (depth > 0),
    sent_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    UNIQUE (token)
);
CREATE UNIQUE INDEX shares_by_spot ON shares ((shop || '/' || spot)) WHERE spot IS NOT NULL;
CREATE UNIQUE INDEX shares_by_token ON shares ((shop || '/' || token));
CREATE INDEX shares_by_created_at ON shares (shop, created_at, id);
CREATE INDEX shares_by_customer ON shares (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX shares_by_root ON shares (shop, root, created_at);

CREATE TABLE referrals (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    friend TEXT COLLATE "C" NOT NULL,
    friend_ref TEXT COLLATE "C",
    person TEXT COLLATE "C" NOT NULL,
    advocate TEXT COLLATE "C" NOT NULL,
    advocate_ref TEXT COLLATE "C",
    share TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    method TEXT COLLATE "C" NOT NULL CHECK (method IN ('voucher', 'code', 'token', 'referral', 'operator', 'none')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'converted', 'expired', 'rejected')),
    conversions BIGINT NOT NULL CHECK (conversions >= 0),
    refused_rewards TEXT COLLATE "C" NOT NULL,
    pair TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX referrals_by_pair ON referrals ((shop || '/' || pair));
CREATE INDEX referrals_by_created_at ON referrals (shop, created_at, id);
CREATE INDEX referrals_by_friend ON referrals (shop, friend, created_at);
CREATE INDEX referrals_by_person ON referrals ((shop || '/' || person));
CREATE INDEX referrals_by_advocate ON referrals (shop, advocate, created_at);
CREATE INDEX referrals_by_status ON referrals (shop, status, created_at);
CREATE INDEX referrals_by_expires_at ON referrals (shop, expires_at, id) WHERE status = 'open';
