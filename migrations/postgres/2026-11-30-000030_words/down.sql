-- Words that came later must be gone before.
ALTER TABLE shops
    ADD CONSTRAINT shops_mode_check CHECK (mode IN ('test', 'live'));
ALTER TABLE operators
    ADD CONSTRAINT operators_role_check CHECK (role IN ('viewer', 'support', 'manager', 'owner'));
ALTER TABLE identities
    ADD CONSTRAINT identities_kind_check CHECK (kind IN ('email', 'phone'));
ALTER TABLE programs
    ADD CONSTRAINT programs_status_check CHECK (status IN ('draft', 'active', 'paused', 'ended'));
ALTER TABLE referrals
    ADD CONSTRAINT referrals_method_check CHECK (method IN ('voucher', 'code', 'token', 'referral', 'operator', 'none')),
    ADD CONSTRAINT referrals_status_check CHECK (status IN ('open', 'converted', 'expired', 'rejected'));
ALTER TABLE conversions
    ADD CONSTRAINT conversions_status_check CHECK (status IN ('unpaid', 'pending', 'review', 'approved', 'cancelled', 'rejected', 'reversed')),
    ADD CONSTRAINT conversions_method_check CHECK (method IN ('voucher', 'code', 'token', 'referral', 'operator', 'none')),
    ADD CONSTRAINT conversions_age_from_check CHECK (age_from = 'mark' OR age_from = 'opened' OR age_from = 'made');
ALTER TABLE rewards
    ADD CONSTRAINT rewards_to_side_check CHECK (to_side IN ('advocate', 'friend')),
    ADD CONSTRAINT rewards_on_what_check CHECK (on_what IN ('conversion', 'referral', 'checkout', 'grant')),
    ADD CONSTRAINT rewards_status_check CHECK (status IN ('pending', 'issued', 'spent', 'voided', 'expired'));
ALTER TABLE vouchers
    ADD CONSTRAINT vouchers_kind_check CHECK (kind IN ('percent_off', 'amount_off', 'free_shipping', 'gift_card', 'store_credit')),
    ADD CONSTRAINT vouchers_legal_kind_check CHECK (legal_kind IN ('promotional', 'earned', 'paid')),
    ADD CONSTRAINT vouchers_tax_kind_check CHECK (tax_kind IN ('discount', 'spv', 'mpv')),
    ADD CONSTRAINT vouchers_source_check CHECK (source IN ('reward', 'grant', 'shop')),
    ADD CONSTRAINT vouchers_status_check CHECK (status IN ('active', 'void'));
ALTER TABLE entries
    ADD CONSTRAINT entries_kind_check CHECK (kind IN ('pending', 'issued', 'held', 'released', 'spent', 'unused', 'voided', 'expired', 'forgiven', 'reversed', 'moved'));
ALTER TABLE holds
    ADD CONSTRAINT holds_status_check CHECK (status IN ('held', 'redeemed', 'released', 'expired'));
ALTER TABLE redemptions
    ADD CONSTRAINT redemptions_status_check CHECK (status IN ('redeemed', 'partly_reversed', 'reversed'));
ALTER TABLE reversals
    ADD CONSTRAINT reversals_redemption_status_check CHECK (redemption_status IN ('redeemed', 'partly_reversed', 'reversed'));
ALTER TABLE refunds
    ADD CONSTRAINT refunds_kind_check CHECK (kind IN ('refund', 'withdrawal', 'chargeback')),
    ADD CONSTRAINT refunds_conversion_status_check CHECK (conversion_status IN ('unpaid', 'pending', 'review', 'approved', 'cancelled', 'rejected', 'reversed'));
ALTER TABLE grants
    ADD CONSTRAINT grants_status_check CHECK (status IN ('pending_approval', 'given', 'rejected')),
    ADD CONSTRAINT grants_purpose_check CHECK (purpose = 'goodwill' OR purpose = 'compensation' OR purpose = 'promotion');
ALTER TABLE messages
    ADD CONSTRAINT messages_kind_check CHECK (kind IN ('voucher_issued', 'credit_issued', 'reward_withdrawn')),
    ADD CONSTRAINT messages_status_check CHECK (status IN ('queued', 'sending', 'sent', 'retrying', 'failed', 'uncertain', 'no_address', 'suppressed'));
ALTER TABLE jobs
    ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('import_customers', 'import_orders', 'import_codes', 'import_vouchers', 'import_referrals', 'erasure')),
    ADD CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'finished', 'failed'));
ALTER TABLE visits
    ADD CONSTRAINT visits_class_check CHECK (class IN ('person', 'preview'));
