-- Writer: engine

-- The key by which a receiver verifies what is signed with Ed25519 as well; NULL: it is not.
ALTER TABLE webhook_endpoints ADD COLUMN public_key TEXT;
