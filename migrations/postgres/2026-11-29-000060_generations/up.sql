-- Writer: engine

-- What a key or an operator may do is of a generation; a token is good in its own. Tokens that are out there are of 0.
ALTER TABLE operators ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
