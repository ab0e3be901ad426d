-- Writer: engine

-- What most records come to needs no index by state: the newest of them are found by time. The states that few are in
-- keep one.
DROP INDEX conversions_by_status;
CREATE INDEX conversions_by_status ON conversions (shop, status, created_at, id) WHERE status <> 'approved';
DROP INDEX rewards_by_status;
CREATE INDEX rewards_by_status ON rewards (shop, status, created_at, id) WHERE status <> 'issued';
DROP INDEX referrals_by_status;
CREATE INDEX referrals_by_status ON referrals (shop, status, created_at, id) WHERE status <> 'converted';
DROP INDEX messages_by_status;
CREATE INDEX messages_by_status ON messages (shop, status, created_at, id) WHERE status <> 'sent';
-- Those of one person are few, and found by customers_of_person.
DROP INDEX customers_by_person;
