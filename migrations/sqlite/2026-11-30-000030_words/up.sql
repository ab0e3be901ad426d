-- Writer: engine, visits

-- The words of a column are those of its type. A list of them here would have to be made anew for each word that
-- comes, and SQLite makes the whole table anew for that. CHECKs on amounts, counts and flags stay.
-- Nothing that is stored changes: so the declarations alone are edited, as SQLite's documentation of ALTER TABLE
-- says. That a view comes and goes makes other connections read the declarations again, as RESET does this one.
PRAGMA writable_schema=ON;

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (mode IN (''test'', ''live''))', '')
WHERE type = 'table' AND name = 'shops';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (role = ''viewer'' OR role = ''support'' OR role = ''manager'' OR role = ''owner'')', '')
WHERE type = 'table' AND name = 'operators';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (kind IN (''email'', ''phone''))', '')
WHERE type = 'table' AND name = 'identities';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (status = ''draft'' OR status = ''active'' OR status = ''paused'' OR status = ''ended'')', '')
WHERE type = 'table' AND name = 'programs';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    ' CHECK (method = ''voucher'' OR method = ''code'' OR method = ''token'' OR method = ''referral'' OR method = ''operator'' OR method = ''none'')', ''),
    ' CHECK (status = ''open'' OR status = ''converted'' OR status = ''expired'' OR status = ''rejected'')', '')
WHERE type = 'table' AND name = 'referrals';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    ' CHECK (status = ''unpaid'' OR status = ''pending'' OR status = ''review'' OR status = ''approved'' OR status = ''cancelled'' OR status = ''rejected'' OR status = ''reversed'')', ''),
    ' CHECK (method = ''voucher'' OR method = ''code'' OR method = ''token'' OR method = ''referral'' OR method = ''operator'' OR method = ''none'')', ''),
    '
    CHECK (age_from = ''mark'' OR age_from = ''opened'' OR age_from = ''made'')', '')
WHERE type = 'table' AND name = 'conversions';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    ' CHECK (to_side IN (''advocate'', ''friend''))', ''),
    ' CHECK (on_what = ''conversion'' OR on_what = ''referral'' OR on_what = ''checkout'' OR on_what = ''grant'')', ''),
    ' CHECK (status = ''pending'' OR status = ''issued'' OR status = ''spent'' OR status = ''voided'' OR status = ''expired'')', '')
WHERE type = 'table' AND name = 'rewards';

UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(sql,
    ' CHECK (kind = ''percent_off'' OR kind = ''amount_off'' OR kind = ''free_shipping'' OR kind = ''gift_card'' OR kind = ''store_credit'')', ''),
    ' CHECK (legal_kind = ''promotional'' OR legal_kind = ''earned'' OR legal_kind = ''paid'')', ''),
    ' CHECK (tax_kind = ''discount'' OR tax_kind = ''spv'' OR tax_kind = ''mpv'')', ''),
    ' CHECK (source = ''reward'' OR source = ''grant'' OR source = ''shop'')', ''),
    ' CHECK (status IN (''active'', ''void''))', '')
WHERE type = 'table' AND name = 'vouchers';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (kind = ''pending'' OR kind = ''issued'' OR kind = ''held'' OR kind = ''released'' OR kind = ''spent'' OR kind = ''unused'' OR kind = ''voided'' OR kind = ''expired'' OR kind = ''forgiven'' OR kind = ''reversed'' OR kind = ''moved'')', '')
WHERE type = 'table' AND name = 'entries';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (status = ''held'' OR status = ''redeemed'' OR status = ''released'' OR status = ''expired'')', '')
WHERE type = 'table' AND name = 'holds';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (status = ''redeemed'' OR status = ''partly_reversed'' OR status = ''reversed'')', '')
WHERE type = 'table' AND name = 'redemptions';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (redemption_status = ''redeemed'' OR redemption_status = ''partly_reversed'' OR redemption_status = ''reversed'')', '')
WHERE type = 'table' AND name = 'reversals';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    ' CHECK (kind = ''refund'' OR kind = ''withdrawal'' OR kind = ''chargeback'')', ''),
    ' CHECK (conversion_status = ''unpaid'' OR conversion_status = ''pending'' OR conversion_status = ''review'' OR conversion_status = ''approved'' OR conversion_status = ''cancelled'' OR conversion_status = ''rejected'' OR conversion_status = ''reversed'')', '')
WHERE type = 'table' AND name = 'refunds';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    ' CHECK (status = ''pending_approval'' OR status = ''given'' OR status = ''rejected'')', ''),
    ' CHECK (purpose = ''goodwill'' OR purpose = ''compensation'' OR purpose = ''promotion'')', '')
WHERE type = 'table' AND name = 'grants';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    ' CHECK (kind = ''voucher_issued'' OR kind = ''credit_issued'' OR kind = ''reward_withdrawn'')', ''),
    ' CHECK (status = ''queued'' OR status = ''sending'' OR status = ''sent'' OR status = ''retrying'' OR status = ''failed'' OR status = ''uncertain'' OR status = ''no_address'' OR status = ''suppressed'')', '')
WHERE type = 'table' AND name = 'messages';

UPDATE sqlite_schema SET sql = replace(replace(sql,
    ' CHECK (kind = ''import_customers'' OR kind = ''import_orders'' OR kind = ''import_codes'' OR kind = ''import_vouchers'' OR kind = ''import_referrals'' OR kind = ''erasure'')', ''),
    ' CHECK (status = ''queued'' OR status = ''running'' OR status = ''finished'' OR status = ''failed'')', '')
WHERE type = 'table' AND name = 'jobs';

UPDATE sqlite_schema SET sql = replace(sql,
    ' CHECK (class IN (''person'', ''preview''))', '')
WHERE type = 'table' AND name = 'visits';

CREATE VIEW words AS SELECT 1;
DROP VIEW words;
PRAGMA writable_schema=RESET;
