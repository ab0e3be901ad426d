DROP TRIGGER programs_note_settings;
DROP TRIGGER programs_note_new;
DROP TRIGGER shops_note_settings;
ALTER TABLE shop_heads DROP COLUMN settings;
