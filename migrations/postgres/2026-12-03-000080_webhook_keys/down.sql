ALTER TABLE webhook_endpoints DROP COLUMN public_key;
