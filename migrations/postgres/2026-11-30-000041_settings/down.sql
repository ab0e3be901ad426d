DROP TRIGGER programs_note_settings ON programs;
DROP TRIGGER shops_note_settings ON shops;
DROP FUNCTION note_settings();
ALTER TABLE shop_heads DROP COLUMN settings;
