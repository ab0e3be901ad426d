-- Writer: engine

ALTER TABLE persons DROP COLUMN is_account;
ALTER TABLE persons DROP COLUMN givers;
ALTER TABLE persons DROP COLUMN phones;
ALTER TABLE identities DROP COLUMN leads;
ALTER TABLE customers DROP COLUMN phone_verified;
ALTER TABLE customers DROP COLUMN email_verified;
