-- Writer: engine

CREATE TABLE conversions (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C",
    customer_ref TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('unpaid', 'pending', 'review', 'approved', 'cancelled', 'rejected', 'reversed')),
    kind TEXT COLLATE "C" NOT NULL,
    is_denied BIGINT NOT NULL CHECK (is_denied IN (0, 1)),
    limited_to TEXT COLLATE "C",
    imported BIGINT NOT NULL CHECK (imported IN (0, 1)),
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    reported_amount BIGINT NOT NULL CHECK (reported_amount BETWEEN 0 AND 9007199254740991),
    base_amount BIGINT CHECK (base_amount BETWEEN 0 AND 9007199254740991),
    refunded_amount BIGINT NOT NULL CHECK (refunded_amount BETWEEN 0 AND 9007199254740991),
    discount_amount BIGINT NOT NULL CHECK (discount_amount >= 0),
    currency TEXT COLLATE "C" NOT NULL,
    shipping_amount BIGINT NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    items TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at BIGINT,
    delivered_at BIGINT,
    cancelled_at BIGINT,
    returned_at BIGINT,
    rejected_at BIGINT,
    reason TEXT COLLATE "C",
    in_review BIGINT NOT NULL CHECK (in_review IN (0, 1)),
    overdue BIGINT NOT NULL CHECK (overdue IN (0, 1)),
    terms TEXT COLLATE "C" NOT NULL,
    pending_until BIGINT,
    due_at BIGINT,
    approved_at BIGINT,
    program TEXT COLLATE "C",
    program_version BIGINT,
    referral TEXT COLLATE "C",
    is_credited BIGINT NOT NULL CHECK (is_credited IN (0, 1)),
    counted_in TEXT COLLATE "C",
    round BIGINT NOT NULL,
    method TEXT COLLATE "C" NOT NULL CHECK (method IN ('voucher', 'code', 'token', 'referral', 'operator', 'none')),
    advocate TEXT COLLATE "C",
    advocate_ref TEXT COLLATE "C",
    share TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    private BIGINT CHECK (private IN (0, 1)),
    depth BIGINT,
    age_ms BIGINT,
    considered TEXT COLLATE "C" NOT NULL,
    refused_rewards TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (refunded_amount <= amount)
);
CREATE UNIQUE INDEX conversions_by_order_id ON conversions ((shop || '/' || order_id));
CREATE INDEX conversions_by_created_at ON conversions (shop, created_at, id);
CREATE INDEX conversions_by_customer ON conversions (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX conversions_by_advocate ON conversions (shop, advocate, created_at) WHERE advocate IS NOT NULL;
CREATE INDEX conversions_by_status ON conversions (shop, status, created_at);
CREATE INDEX conversions_by_due_at ON conversions (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE rewards (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    to_side TEXT COLLATE "C" CHECK (to_side IN ('advocate', 'friend')),
    on_what TEXT COLLATE "C" NOT NULL CHECK (on_what IN ('conversion', 'referral', 'checkout', 'grant')),
    customer TEXT COLLATE "C" NOT NULL,
    customer_ref TEXT COLLATE "C",
    program TEXT COLLATE "C",
    conversion TEXT COLLATE "C",
    referral TEXT COLLATE "C",
    grant_id TEXT COLLATE "C",
    once TEXT COLLATE "C" NOT NULL,
    benefit TEXT COLLATE "C" NOT NULL,
    amount BIGINT CHECK (amount BETWEEN 0 AND 9007199254740991),
    currency TEXT COLLATE "C" NOT NULL,
    cost_amount BIGINT NOT NULL CHECK (cost_amount BETWEEN 0 AND 9007199254740991),
    redeemed_amount BIGINT NOT NULL CHECK (redeemed_amount BETWEEN 0 AND 9007199254740991),
    forgiven_amount BIGINT NOT NULL CHECK (forgiven_amount BETWEEN 0 AND 9007199254740991),
    owed_by TEXT COLLATE "C",
    place TEXT COLLATE "C",
    counted_by TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('pending', 'issued', 'spent', 'voided', 'expired')),
    pending_until BIGINT,
    voucher TEXT COLLATE "C",
    message TEXT COLLATE "C",
    issued_at BIGINT,
    expires_at BIGINT,
    history TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX rewards_by_once ON rewards ((shop || '/' || once));
CREATE INDEX rewards_by_created_at ON rewards (shop, created_at, id);
CREATE INDEX rewards_by_conversion ON rewards ((shop || '/' || conversion)) WHERE conversion IS NOT NULL;
CREATE INDEX rewards_by_owed_by ON rewards ((shop || '/' || owed_by)) WHERE owed_by IS NOT NULL;
CREATE INDEX rewards_by_customer ON rewards (shop, customer, created_at);
CREATE INDEX rewards_by_status ON rewards (shop, status, created_at);

CREATE TABLE grants (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('pending_approval', 'given', 'rejected')),
    customer TEXT COLLATE "C" NOT NULL,
    customer_ref TEXT COLLATE "C",
    benefit TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    cost_amount BIGINT NOT NULL CHECK (cost_amount BETWEEN 0 AND 9007199254740991),
    reason TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C",
    notify BIGINT NOT NULL CHECK (notify IN (0, 1)),
    reward TEXT COLLATE "C",
    by_actor TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX grants_by_reference ON grants ((shop || '/' || reference)) WHERE reference IS NOT NULL;
CREATE INDEX grants_by_created_at ON grants (shop, created_at, id);
CREATE INDEX grants_by_customer ON grants (shop, customer, created_at);
CREATE INDEX grants_by_status ON grants (shop, status, created_at);

CREATE TABLE tallies (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL CHECK (count >= 0),
    cap BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (count <= cap)
) WITH (fillfactor = 50);
