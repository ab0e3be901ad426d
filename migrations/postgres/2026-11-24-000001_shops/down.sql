-- Writer: engine

DROP TABLE installation;
DROP TABLE engine_writers;
DROP TABLE stored_answers;
DROP TABLE audit_log;
DROP TABLE channels;
DROP TABLE persons;
DROP TABLE identities;
DROP TABLE customers;
DROP TABLE operators;
DROP TABLE api_keys;
DROP TABLE shop_heads;
DROP TABLE shops;
DROP FUNCTION refuse_change();
