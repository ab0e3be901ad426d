-- Writer: engine

CREATE TABLE offers (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    program TEXT NOT NULL REFERENCES programs (id),
    audience TEXT NOT NULL,
    reward TEXT NOT NULL,
    conditions TEXT NOT NULL,
    conditions_before TEXT NOT NULL,
    segments TEXT NOT NULL,
    capacity INTEGER CHECK (capacity > 0),
    per_customer INTEGER NOT NULL CHECK (per_customer > 0),
    stacking TEXT NOT NULL,
    group_terms TEXT NOT NULL,
    leak TEXT NOT NULL,
    content TEXT NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    created_at INTEGER NOT NULL,
    activated_at INTEGER,
    ended_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX offers_by_created_at ON offers (shop, created_at, id);
CREATE INDEX offers_by_status ON offers (shop, status, created_at, id) WHERE status <> 'ended';
CREATE INDEX offers_by_ends_at ON offers (shop, ends_at, id) WHERE ends_at IS NOT NULL AND status IN ('active', 'paused');

CREATE TABLE claims (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    offer TEXT NOT NULL,
    customer TEXT NOT NULL,
    customer_ref TEXT,
    place TEXT NOT NULL,
    share TEXT,
    channel TEXT,
    advocate TEXT,
    advocate_ref TEXT,
    program TEXT NOT NULL,
    referral TEXT,
    reward TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX claims_by_place ON claims ((shop || '/' || place));
CREATE INDEX claims_by_created_at ON claims (shop, created_at, id);
CREATE INDEX claims_by_offer ON claims (shop, offer, created_at);
CREATE INDEX claims_by_customer ON claims (shop, customer, created_at);
CREATE INDEX claims_by_share ON claims (shop, share, created_at) WHERE share IS NOT NULL;
CREATE INDEX claims_by_advocate ON claims (shop, advocate, created_at) WHERE advocate IS NOT NULL;

CREATE TABLE segments (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL REFERENCES shops (id),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    expression TEXT,
    tree TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX segments_by_key ON segments ((shop || '/' || key));
CREATE INDEX segments_by_shop ON segments ((shop || '/' || shop));
CREATE INDEX segments_by_created_at ON segments (shop, created_at, id);

CREATE TABLE members (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    segment TEXT NOT NULL,
    customer TEXT NOT NULL,
    customer_ref TEXT,
    is_in INTEGER NOT NULL CHECK (is_in IN (0, 1)),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX members_by_segment ON members (shop, segment, created_at, id);
CREATE INDEX members_of_customer ON members ((shop || '/' || customer));
CREATE INDEX members_by_customer ON members (shop, customer, created_at);

-- What a customer did as a sharer and as a buyer. Nothing is kept: it is counted of the newest when it is asked for.
CREATE VIEW histories AS SELECT c.id AS id, c.shop AS shop,
    (SELECT count(*) FROM (SELECT s.private, s.sent_at FROM shares s WHERE s.shop = c.shop AND s.customer = c.id
            ORDER BY s.created_at DESC LIMIT 1000) one
        WHERE one.private = 1 AND one.sent_at IS NOT NULL) AS sent_private,
    (SELECT coalesce(sum(n.unique_visits), 0) FROM (SELECT s.id, s.private FROM shares s WHERE s.shop = c.shop AND s.customer = c.id
            ORDER BY s.created_at DESC LIMIT 1000) one
        JOIN share_counts n ON n.id = one.id WHERE one.private = 1) AS visits_private,
    (SELECT count(DISTINCT coalesce(p.merged_into, f.person)) FROM (SELECT o.customer, o.is_credited, o.status FROM conversions o
            WHERE o.shop = c.shop AND o.advocate = c.id ORDER BY o.created_at DESC LIMIT 1000) one
        JOIN customers f ON f.id = one.customer LEFT JOIN persons p ON p.id = f.person
        WHERE one.is_credited = 1 AND one.status IN ('pending', 'approved')) AS friends,
    (SELECT count(*) FROM (SELECT o.is_credited, o.status FROM conversions o
            WHERE o.shop = c.shop AND o.advocate = c.id ORDER BY o.created_at DESC LIMIT 1000) one
        WHERE one.is_credited = 1 AND one.status IN ('pending', 'approved')) AS conversions,
    (SELECT coalesce(group_concat(one.occurred_at || ':' || one.created_at), '') FROM (SELECT o.occurred_at, o.created_at, o.is_credited, o.status FROM conversions o
            WHERE o.shop = c.shop AND o.advocate = c.id ORDER BY o.created_at DESC LIMIT 200) one
        WHERE one.is_credited = 1 AND one.status IN ('pending', 'approved')) AS won_times,
    (SELECT coalesce(group_concat(one.occurred_at || ':' || one.created_at), '') FROM (SELECT o.occurred_at, o.created_at, o.status FROM conversions o
            WHERE o.shop = c.shop AND o.customer = c.id ORDER BY o.created_at DESC LIMIT 200) one
        WHERE one.status NOT IN ('cancelled', 'rejected', 'reversed')) AS order_times
    FROM customers c;
