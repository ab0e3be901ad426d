ALTER TABLE shops DROP COLUMN typed_pages;
DROP TABLE arrivals;
