-- Writer: engine

CREATE TABLE conversions (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    order_id TEXT NOT NULL,
    customer TEXT,
    customer_ref TEXT,
    status TEXT NOT NULL CHECK (status = 'unpaid' OR status = 'pending' OR status = 'review' OR status = 'approved' OR status = 'cancelled' OR status = 'rejected' OR status = 'reversed'),
    kind TEXT NOT NULL,
    is_denied INTEGER NOT NULL CHECK (is_denied IN (0, 1)),
    limited_to TEXT,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    reported_amount INTEGER NOT NULL CHECK (reported_amount BETWEEN 0 AND 9007199254740991),
    base_amount INTEGER CHECK (base_amount BETWEEN 0 AND 9007199254740991),
    refunded_amount INTEGER NOT NULL CHECK (refunded_amount BETWEEN 0 AND 9007199254740991),
    discount_amount INTEGER NOT NULL CHECK (discount_amount >= 0),
    currency TEXT NOT NULL,
    shipping_amount INTEGER NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    items TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    paid_at INTEGER,
    delivered_at INTEGER,
    cancelled_at INTEGER,
    returned_at INTEGER,
    rejected_at INTEGER,
    reason TEXT,
    in_review INTEGER NOT NULL CHECK (in_review IN (0, 1)),
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)),
    terms TEXT NOT NULL,
    pending_until INTEGER,
    due_at INTEGER,
    approved_at INTEGER,
    program TEXT,
    program_version INTEGER,
    referral TEXT,
    is_credited INTEGER NOT NULL CHECK (is_credited IN (0, 1)),
    counted_in TEXT,
    round INTEGER NOT NULL,
    method TEXT NOT NULL CHECK (method = 'voucher' OR method = 'code' OR method = 'token' OR method = 'referral' OR method = 'operator' OR method = 'none'),
    advocate TEXT,
    advocate_ref TEXT,
    share TEXT,
    channel TEXT,
    private INTEGER CHECK (private IN (0, 1)),
    depth INTEGER,
    age_ms INTEGER,
    considered TEXT NOT NULL,
    refused_rewards TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (refunded_amount <= amount)
) STRICT;
CREATE UNIQUE INDEX conversions_by_order_id ON conversions ((shop || '/' || order_id));
CREATE INDEX conversions_by_created_at ON conversions (shop, created_at, id);
CREATE INDEX conversions_by_customer ON conversions (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX conversions_by_advocate ON conversions (shop, advocate, created_at) WHERE advocate IS NOT NULL;
CREATE INDEX conversions_by_status ON conversions (shop, status, created_at);
CREATE INDEX conversions_by_due_at ON conversions (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE rewards (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    to_side TEXT CHECK (to_side IN ('advocate', 'friend')),
    on_what TEXT NOT NULL CHECK (on_what = 'conversion' OR on_what = 'referral' OR on_what = 'checkout' OR on_what = 'grant'),
    customer TEXT NOT NULL,
    customer_ref TEXT,
    program TEXT,
    conversion TEXT,
    referral TEXT,
    grant_id TEXT,
    once TEXT NOT NULL,
    benefit TEXT NOT NULL,
    amount INTEGER CHECK (amount BETWEEN 0 AND 9007199254740991),
    currency TEXT NOT NULL,
    cost_amount INTEGER NOT NULL CHECK (cost_amount BETWEEN 0 AND 9007199254740991),
    redeemed_amount INTEGER NOT NULL CHECK (redeemed_amount BETWEEN 0 AND 9007199254740991),
    forgiven_amount INTEGER NOT NULL CHECK (forgiven_amount BETWEEN 0 AND 9007199254740991),
    owed_by TEXT,
    place TEXT,
    counted_by TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'pending' OR status = 'issued' OR status = 'spent' OR status = 'voided' OR status = 'expired'),
    pending_until INTEGER,
    voucher TEXT,
    message TEXT,
    issued_at INTEGER,
    expires_at INTEGER,
    history TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX rewards_by_once ON rewards ((shop || '/' || once));
CREATE INDEX rewards_by_created_at ON rewards (shop, created_at, id);
CREATE INDEX rewards_by_conversion ON rewards ((shop || '/' || conversion)) WHERE conversion IS NOT NULL;
CREATE INDEX rewards_by_owed_by ON rewards ((shop || '/' || owed_by)) WHERE owed_by IS NOT NULL;
CREATE INDEX rewards_by_customer ON rewards (shop, customer, created_at);
CREATE INDEX rewards_by_status ON rewards (shop, status, created_at);

CREATE TABLE grants (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'pending_approval' OR status = 'given' OR status = 'rejected'),
    customer TEXT NOT NULL,
    customer_ref TEXT,
    benefit TEXT NOT NULL,
    currency TEXT NOT NULL,
    cost_amount INTEGER NOT NULL CHECK (cost_amount BETWEEN 0 AND 9007199254740991),
    reason TEXT NOT NULL,
    reference TEXT,
    notify INTEGER NOT NULL CHECK (notify IN (0, 1)),
    reward TEXT,
    by_actor TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX grants_by_reference ON grants ((shop || '/' || reference)) WHERE reference IS NOT NULL;
CREATE INDEX grants_by_created_at ON grants (shop, created_at, id);
CREATE INDEX grants_by_customer ON grants (shop, customer, created_at);
CREATE INDEX grants_by_status ON grants (shop, status, created_at);

CREATE TABLE tallies (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    subject TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    cap INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (count <= cap)
) STRICT, WITHOUT ROWID;
