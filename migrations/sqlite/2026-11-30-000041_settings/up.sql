-- Writer: engine

-- How often a shop's settings and programs were changed, by whomever: who remembers them looks at this.
ALTER TABLE shop_heads ADD COLUMN settings INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER shops_note_settings AFTER UPDATE ON shops
BEGIN UPDATE shop_heads SET settings = settings + 1 WHERE id = NEW.id; END;
CREATE TRIGGER programs_note_new AFTER INSERT ON programs
BEGIN UPDATE shop_heads SET settings = settings + 1 WHERE id = NEW.shop; END;
CREATE TRIGGER programs_note_settings AFTER UPDATE ON programs
BEGIN UPDATE shop_heads SET settings = settings + 1 WHERE id = NEW.shop; END;
