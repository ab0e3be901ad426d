CREATE INDEX customers_by_person ON customers (shop, person, created_at);
DROP INDEX messages_by_status;
CREATE INDEX messages_by_status ON messages (shop, status, created_at);
DROP INDEX referrals_by_status;
CREATE INDEX referrals_by_status ON referrals (shop, status, created_at);
DROP INDEX rewards_by_status;
CREATE INDEX rewards_by_status ON rewards (shop, status, created_at);
DROP INDEX conversions_by_status;
CREATE INDEX conversions_by_status ON conversions (shop, status, created_at);
