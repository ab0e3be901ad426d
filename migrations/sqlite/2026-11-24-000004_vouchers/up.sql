-- Writer: engine

CREATE TABLE vouchers (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    code_key TEXT NOT NULL,
    code_box TEXT NOT NULL,
    code_hint TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'percent_off' OR kind = 'amount_off' OR kind = 'free_shipping' OR kind = 'gift_card' OR kind = 'store_credit'),
    amount INTEGER CHECK (amount BETWEEN 0 AND 9007199254740991),
    rate_bps INTEGER CHECK (rate_bps BETWEEN 1 AND 10000),
    max_amount INTEGER CHECK (max_amount BETWEEN 0 AND 9007199254740991),
    face_amount INTEGER NOT NULL CHECK (face_amount BETWEEN 0 AND 9007199254740991),
    currency TEXT NOT NULL,
    min_order_amount INTEGER NOT NULL CHECK (min_order_amount BETWEEN 0 AND 9007199254740991),
    max_redemptions INTEGER CHECK (max_redemptions > 0),
    per_customer INTEGER CHECK (per_customer > 0),
    customer TEXT,
    customer_ref TEXT,
    valid_from INTEGER,
    valid_until INTEGER,
    due_at INTEGER,
    lapsed_amount INTEGER NOT NULL CHECK (lapsed_amount BETWEEN 0 AND 9007199254740991),
    applies_to TEXT NOT NULL,
    with_shop_discounts INTEGER NOT NULL CHECK (with_shop_discounts IN (0, 1)),
    stacking TEXT NOT NULL,
    legal_kind TEXT NOT NULL CHECK (legal_kind = 'promotional' OR legal_kind = 'earned' OR legal_kind = 'paid'),
    tax_kind TEXT NOT NULL CHECK (tax_kind = 'discount' OR tax_kind = 'spv' OR tax_kind = 'mpv'),
    reference TEXT,
    source TEXT NOT NULL CHECK (source = 'reward' OR source = 'grant' OR source = 'shop'),
    source_id TEXT,
    source_account TEXT NOT NULL,
    counted_as TEXT NOT NULL,
    replaces TEXT,
    replaced_by TEXT,
    heir TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'void')),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE UNIQUE INDEX vouchers_by_code_key ON vouchers ((shop || '/' || code_key));
CREATE UNIQUE INDEX vouchers_by_reference ON vouchers ((shop || '/' || reference)) WHERE reference IS NOT NULL;
CREATE INDEX vouchers_by_created_at ON vouchers (shop, created_at, id);
CREATE INDEX vouchers_by_customer ON vouchers (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX vouchers_by_source_id ON vouchers (shop, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX vouchers_by_due_at ON vouchers (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE voucher_uses (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    used INTEGER NOT NULL CHECK (used >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    cap INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (used + held <= cap)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_slots (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    redemption TEXT,
    latest TEXT,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE redemptions (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    order_id TEXT NOT NULL,
    customer TEXT,
    customer_ref TEXT,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    shipping_amount INTEGER NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    discount INTEGER NOT NULL CHECK (discount BETWEEN 0 AND 9007199254740991),
    payment INTEGER NOT NULL CHECK (payment BETWEEN 0 AND 9007199254740991),
    payable INTEGER NOT NULL CHECK (payable BETWEEN 0 AND 9007199254740991),
    lines TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'redeemed' OR status = 'partly_reversed' OR status = 'reversed'),
    reversed_amount INTEGER NOT NULL CHECK (reversed_amount BETWEEN 0 AND 9007199254740991),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (reversed_amount <= discount + payment)
) STRICT;
CREATE INDEX redemptions_by_created_at ON redemptions (shop, created_at, id);
CREATE INDEX redemptions_by_order_id ON redemptions (shop, order_id, created_at);
CREATE INDEX redemptions_by_customer ON redemptions (shop, customer, created_at) WHERE customer IS NOT NULL;

CREATE TABLE reversals (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    reversal_id TEXT NOT NULL,
    redemption TEXT NOT NULL,
    once TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    reason TEXT NOT NULL,
    lines TEXT NOT NULL,
    redemption_status TEXT NOT NULL CHECK (redemption_status = 'redeemed' OR redemption_status = 'partly_reversed' OR redemption_status = 'reversed'),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reversals_by_once ON reversals ((shop || '/' || once));
CREATE INDEX reversals_by_redemption ON reversals ((shop || '/' || redemption));
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER reversals_no_update BEFORE UPDATE ON reversals
WHEN ((NEW.id, NEW.shop, NEW.reversal_id, NEW.redemption, NEW.once, NEW.amount, NEW.lines, NEW.redemption_status, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.reversal_id, OLD.redemption, OLD.once, OLD.amount, OLD.lines, OLD.redemption_status, OLD.created_at)
    AND NEW.reason = 'erased') IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'reversals are only ever added to'); END;
CREATE TRIGGER reversals_no_delete BEFORE DELETE ON reversals
BEGIN SELECT RAISE(ABORT, 'reversals are only ever added to'); END;
CREATE TRIGGER reversals_no_replace BEFORE INSERT ON reversals
WHEN EXISTS (SELECT 1 FROM reversals WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM reversals WHERE (shop || '/' || once) = NEW.shop || '/' || NEW.once)
BEGIN SELECT RAISE(ABORT, 'reversals are only ever added to'); END;

CREATE TABLE holds (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    order_id TEXT,
    cart_id TEXT,
    customer TEXT,
    customer_ref TEXT,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    shipping_amount INTEGER NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    discount INTEGER NOT NULL CHECK (discount BETWEEN 0 AND 9007199254740991),
    payment INTEGER NOT NULL CHECK (payment BETWEEN 0 AND 9007199254740991),
    payable INTEGER NOT NULL CHECK (payable BETWEEN 0 AND 9007199254740991),
    lines TEXT NOT NULL,
    marks TEXT NOT NULL,
    set_aside_amount INTEGER NOT NULL CHECK (set_aside_amount BETWEEN 0 AND 9007199254740991),
    cart_box TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'held' OR status = 'redeemed' OR status = 'released' OR status = 'expired'),
    held_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    due_at INTEGER,
    redemption TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX holds_by_created_at ON holds (shop, created_at, id);
CREATE INDEX holds_by_order_id ON holds (shop, order_id, created_at) WHERE order_id IS NOT NULL;
CREATE INDEX holds_by_cart_id ON holds (shop, cart_id, created_at) WHERE cart_id IS NOT NULL;
CREATE INDEX holds_by_customer ON holds (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX holds_by_due_at ON holds (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE hold_slots (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    hold TEXT,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold_marks (
    id TEXT PRIMARY KEY NOT NULL,
    shop TEXT NOT NULL,
    hold TEXT NOT NULL,
    subject TEXT,
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_marks_by_subject ON hold_marks ((shop || '/' || subject)) WHERE subject IS NOT NULL;
