-- Words that came later must be gone before.
PRAGMA writable_schema=ON;

UPDATE sqlite_schema SET sql = replace(sql,
    '
    mode TEXT NOT NULL,', '
    mode TEXT NOT NULL CHECK (mode IN (''test'', ''live'')),')
WHERE type = 'table' AND name = 'shops';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    role TEXT NOT NULL,', '
    role TEXT NOT NULL CHECK (role = ''viewer'' OR role = ''support'' OR role = ''manager'' OR role = ''owner''),')
WHERE type = 'table' AND name = 'operators';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind IN (''email'', ''phone'')),')
WHERE type = 'table' AND name = 'identities';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''draft'' OR status = ''active'' OR status = ''paused'' OR status = ''ended''),')
WHERE type = 'table' AND name = 'programs';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    '
    method TEXT NOT NULL,', '
    method TEXT NOT NULL CHECK (method = ''voucher'' OR method = ''code'' OR method = ''token'' OR method = ''referral'' OR method = ''operator'' OR method = ''none''),'),
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''open'' OR status = ''converted'' OR status = ''expired'' OR status = ''rejected''),')
WHERE type = 'table' AND name = 'referrals';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''unpaid'' OR status = ''pending'' OR status = ''review'' OR status = ''approved'' OR status = ''cancelled'' OR status = ''rejected'' OR status = ''reversed''),'),
    '
    method TEXT NOT NULL,', '
    method TEXT NOT NULL CHECK (method = ''voucher'' OR method = ''code'' OR method = ''token'' OR method = ''referral'' OR method = ''operator'' OR method = ''none''),'),
    ', age_from TEXT,', ', age_from TEXT
    CHECK (age_from = ''mark'' OR age_from = ''opened'' OR age_from = ''made''),')
WHERE type = 'table' AND name = 'conversions';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    '
    to_side TEXT,', '
    to_side TEXT CHECK (to_side IN (''advocate'', ''friend'')),'),
    '
    on_what TEXT NOT NULL,', '
    on_what TEXT NOT NULL CHECK (on_what = ''conversion'' OR on_what = ''referral'' OR on_what = ''checkout'' OR on_what = ''grant''),'),
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''pending'' OR status = ''issued'' OR status = ''spent'' OR status = ''voided'' OR status = ''expired''),')
WHERE type = 'table' AND name = 'rewards';

UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind = ''percent_off'' OR kind = ''amount_off'' OR kind = ''free_shipping'' OR kind = ''gift_card'' OR kind = ''store_credit''),'),
    '
    legal_kind TEXT NOT NULL,', '
    legal_kind TEXT NOT NULL CHECK (legal_kind = ''promotional'' OR legal_kind = ''earned'' OR legal_kind = ''paid''),'),
    '
    tax_kind TEXT NOT NULL,', '
    tax_kind TEXT NOT NULL CHECK (tax_kind = ''discount'' OR tax_kind = ''spv'' OR tax_kind = ''mpv''),'),
    '
    source TEXT NOT NULL,', '
    source TEXT NOT NULL CHECK (source = ''reward'' OR source = ''grant'' OR source = ''shop''),'),
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status IN (''active'', ''void'')),')
WHERE type = 'table' AND name = 'vouchers';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind = ''pending'' OR kind = ''issued'' OR kind = ''held'' OR kind = ''released'' OR kind = ''spent'' OR kind = ''unused'' OR kind = ''voided'' OR kind = ''expired'' OR kind = ''forgiven'' OR kind = ''reversed'' OR kind = ''moved''),')
WHERE type = 'table' AND name = 'entries';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''held'' OR status = ''redeemed'' OR status = ''released'' OR status = ''expired''),')
WHERE type = 'table' AND name = 'holds';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''redeemed'' OR status = ''partly_reversed'' OR status = ''reversed''),')
WHERE type = 'table' AND name = 'redemptions';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    redemption_status TEXT NOT NULL,', '
    redemption_status TEXT NOT NULL CHECK (redemption_status = ''redeemed'' OR redemption_status = ''partly_reversed'' OR redemption_status = ''reversed''),')
WHERE type = 'table' AND name = 'reversals';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind = ''refund'' OR kind = ''withdrawal'' OR kind = ''chargeback''),'),
    '
    conversion_status TEXT NOT NULL,', '
    conversion_status TEXT NOT NULL CHECK (conversion_status = ''unpaid'' OR conversion_status = ''pending'' OR conversion_status = ''review'' OR conversion_status = ''approved'' OR conversion_status = ''cancelled'' OR conversion_status = ''rejected'' OR conversion_status = ''reversed''),')
WHERE type = 'table' AND name = 'refunds';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''pending_approval'' OR status = ''given'' OR status = ''rejected''),'),
    ', purpose TEXT,', ', purpose TEXT CHECK (purpose = ''goodwill'' OR purpose = ''compensation'' OR purpose = ''promotion''),')
WHERE type = 'table' AND name = 'grants';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind = ''voucher_issued'' OR kind = ''credit_issued'' OR kind = ''reward_withdrawn''),'),
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''queued'' OR status = ''sending'' OR status = ''sent'' OR status = ''retrying'' OR status = ''failed'' OR status = ''uncertain'' OR status = ''no_address'' OR status = ''suppressed''),')
WHERE type = 'table' AND name = 'messages';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    '
    kind TEXT NOT NULL,', '
    kind TEXT NOT NULL CHECK (kind = ''import_customers'' OR kind = ''import_orders'' OR kind = ''import_codes'' OR kind = ''import_vouchers'' OR kind = ''import_referrals'' OR kind = ''erasure''),'),
    '
    status TEXT NOT NULL,', '
    status TEXT NOT NULL CHECK (status = ''queued'' OR status = ''running'' OR status = ''finished'' OR status = ''failed''),')
WHERE type = 'table' AND name = 'jobs';

UPDATE sqlite_schema SET sql = replace(sql,
    '
    class TEXT NOT NULL,', '
    class TEXT NOT NULL CHECK (class IN (''person'', ''preview'')),')
WHERE type = 'table' AND name = 'visits';

CREATE VIEW words AS SELECT 1;
DROP VIEW words;
PRAGMA writable_schema=RESET;
