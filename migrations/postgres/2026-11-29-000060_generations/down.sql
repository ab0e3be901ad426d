ALTER TABLE api_keys DROP COLUMN generation;
ALTER TABLE operators DROP COLUMN generation;
