-- Writer: engine

-- What was told is not vouched for: only that lets an address lead to an account.
ALTER TABLE customers ADD COLUMN email_verified BIGINT NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1));
ALTER TABLE customers ADD COLUMN phone_verified BIGINT NOT NULL DEFAULT 0 CHECK (phone_verified IN (0, 1));
ALTER TABLE identities ADD COLUMN leads BIGINT NOT NULL DEFAULT 1 CHECK (leads IN (0, 1));
UPDATE identities SET leads = 0 WHERE EXISTS (
    SELECT 1 FROM customers
    WHERE customers.id = identities.customer
        AND (customers.external_id IS NOT NULL OR (identities.kind = 'phone' AND customers.email IS NOT NULL))
);

-- Who counts together for a phone number.
ALTER TABLE persons ADD COLUMN phones TEXT NOT NULL DEFAULT '[]';
ALTER TABLE persons ADD COLUMN givers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE persons ADD COLUMN is_account BIGINT NOT NULL DEFAULT 0 CHECK (is_account IN (0, 1));
