-- Writer: engine

-- How often a shop's settings and programs were changed, by whomever: who remembers them looks at this.
ALTER TABLE shop_heads ADD COLUMN settings BIGINT NOT NULL DEFAULT 0;
CREATE FUNCTION note_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shop_heads SET settings = settings + 1 WHERE id = NEW.shop;
    RETURN NULL;
END $$;
CREATE TRIGGER shops_note_settings AFTER UPDATE ON shops
    FOR EACH ROW EXECUTE FUNCTION note_settings();
CREATE TRIGGER programs_note_settings AFTER INSERT OR UPDATE ON programs
    FOR EACH ROW EXECUTE FUNCTION note_settings();
