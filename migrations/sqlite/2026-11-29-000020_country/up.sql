-- Writer: engine

-- Where the shop is: by its plan numbers are read that tell no country. Empty: guessed of currency and time zone.
ALTER TABLE shops ADD COLUMN country TEXT;
