-- Writer: engine

CREATE TABLE vouchers (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    code_key TEXT COLLATE "C" NOT NULL,
    code_box TEXT COLLATE "C" NOT NULL,
    code_hint TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('percent_off', 'amount_off', 'free_shipping', 'gift_card', 'store_credit')),
    amount BIGINT CHECK (amount BETWEEN 0 AND 9007199254740991),
    rate_bps BIGINT CHECK (rate_bps BETWEEN 1 AND 10000),
    max_amount BIGINT CHECK (max_amount BETWEEN 0 AND 9007199254740991),
    face_amount BIGINT NOT NULL CHECK (face_amount BETWEEN 0 AND 9007199254740991),
    currency TEXT COLLATE "C" NOT NULL,
    min_order_amount BIGINT NOT NULL CHECK (min_order_amount BETWEEN 0 AND 9007199254740991),
    max_redemptions BIGINT CHECK (max_redemptions > 0),
    per_customer BIGINT CHECK (per_customer > 0),
    customer TEXT COLLATE "C",
    customer_ref TEXT COLLATE "C",
    valid_from BIGINT,
    valid_until BIGINT,
    due_at BIGINT,
    lapsed_amount BIGINT NOT NULL CHECK (lapsed_amount BETWEEN 0 AND 9007199254740991),
    applies_to TEXT COLLATE "C" NOT NULL,
    with_shop_discounts BIGINT NOT NULL CHECK (with_shop_discounts IN (0, 1)),
    stacking TEXT COLLATE "C" NOT NULL,
    legal_kind TEXT COLLATE "C" NOT NULL CHECK (legal_kind IN ('promotional', 'earned', 'paid')),
    tax_kind TEXT COLLATE "C" NOT NULL CHECK (tax_kind IN ('discount', 'spv', 'mpv')),
    reference TEXT COLLATE "C",
    source TEXT COLLATE "C" NOT NULL CHECK (source IN ('reward', 'grant', 'shop')),
    source_id TEXT COLLATE "C",
    source_account TEXT COLLATE "C" NOT NULL,
    counted_as TEXT COLLATE "C" NOT NULL,
    replaces TEXT COLLATE "C",
    replaced_by TEXT COLLATE "C",
    heir TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'void')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX vouchers_by_code_key ON vouchers ((shop || '/' || code_key));
CREATE UNIQUE INDEX vouchers_by_reference ON vouchers ((shop || '/' || reference)) WHERE reference IS NOT NULL;
CREATE INDEX vouchers_by_created_at ON vouchers (shop, created_at, id);
CREATE INDEX vouchers_by_customer ON vouchers (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX vouchers_by_source_id ON vouchers (shop, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX vouchers_by_due_at ON vouchers (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE voucher_uses (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    used BIGINT NOT NULL CHECK (used >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    cap BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (used + held <= cap)
) WITH (fillfactor = 50);

CREATE TABLE order_slots (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    redemption TEXT COLLATE "C",
    latest TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0)
);

CREATE TABLE redemptions (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C",
    customer_ref TEXT COLLATE "C",
    currency TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    shipping_amount BIGINT NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    discount BIGINT NOT NULL CHECK (discount BETWEEN 0 AND 9007199254740991),
    payment BIGINT NOT NULL CHECK (payment BETWEEN 0 AND 9007199254740991),
    payable BIGINT NOT NULL CHECK (payable BETWEEN 0 AND 9007199254740991),
    lines TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('redeemed', 'partly_reversed', 'reversed')),
    reversed_amount BIGINT NOT NULL CHECK (reversed_amount BETWEEN 0 AND 9007199254740991),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (reversed_amount <= discount + payment)
);
CREATE INDEX redemptions_by_created_at ON redemptions (shop, created_at, id);
CREATE INDEX redemptions_by_order_id ON redemptions (shop, order_id, created_at);
CREATE INDEX redemptions_by_customer ON redemptions (shop, customer, created_at) WHERE customer IS NOT NULL;

CREATE TABLE reversals (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    reversal_id TEXT COLLATE "C" NOT NULL,
    redemption TEXT COLLATE "C" NOT NULL,
    once TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    reason TEXT COLLATE "C" NOT NULL,
    lines TEXT COLLATE "C" NOT NULL,
    redemption_status TEXT COLLATE "C" NOT NULL CHECK (redemption_status IN ('redeemed', 'partly_reversed', 'reversed')),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX reversals_by_once ON reversals ((shop || '/' || once));
CREATE INDEX reversals_by_redemption ON reversals ((shop || '/' || redemption));
-- An erasure takes the reason, which is somebody's words, and leaves the rest.
CREATE TRIGGER reversals_no_update BEFORE UPDATE ON reversals
    FOR EACH ROW WHEN (((NEW.id, NEW.shop, NEW.reversal_id, NEW.redemption, NEW.once, NEW.amount, NEW.lines, NEW.redemption_status, NEW.created_at) IS NOT DISTINCT FROM (OLD.id, OLD.shop, OLD.reversal_id, OLD.redemption, OLD.once, OLD.amount, OLD.lines, OLD.redemption_status, OLD.created_at)
    AND NEW.reason = 'erased') IS NOT TRUE)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reversals_no_delete BEFORE DELETE ON reversals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reversals_no_truncate BEFORE TRUNCATE ON reversals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE holds (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C",
    cart_id TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    customer_ref TEXT COLLATE "C",
    currency TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    shipping_amount BIGINT NOT NULL CHECK (shipping_amount BETWEEN 0 AND 9007199254740991),
    discount BIGINT NOT NULL CHECK (discount BETWEEN 0 AND 9007199254740991),
    payment BIGINT NOT NULL CHECK (payment BETWEEN 0 AND 9007199254740991),
    payable BIGINT NOT NULL CHECK (payable BETWEEN 0 AND 9007199254740991),
    lines TEXT COLLATE "C" NOT NULL,
    marks TEXT COLLATE "C" NOT NULL,
    set_aside_amount BIGINT NOT NULL CHECK (set_aside_amount BETWEEN 0 AND 9007199254740991),
    cart_box TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('held', 'redeemed', 'released', 'expired')),
    held_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    due_at BIGINT,
    redemption TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX holds_by_created_at ON holds (shop, created_at, id);
CREATE INDEX holds_by_order_id ON holds (shop, order_id, created_at) WHERE order_id IS NOT NULL;
CREATE INDEX holds_by_cart_id ON holds (shop, cart_id, created_at) WHERE cart_id IS NOT NULL;
CREATE INDEX holds_by_customer ON holds (shop, customer, created_at) WHERE customer IS NOT NULL;
CREATE INDEX holds_by_due_at ON holds (shop, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE hold_slots (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    hold TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0)
);

CREATE TABLE hold_marks (
    id TEXT COLLATE "C" PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    hold TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX hold_marks_by_subject ON hold_marks ((shop || '/' || subject)) WHERE subject IS NOT NULL;
