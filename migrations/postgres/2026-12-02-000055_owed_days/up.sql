-- Writer: engine

-- What a shop owes, by the day (of UTC) since which it does, and by kind. Only ever added to.
CREATE TABLE owed_days (
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (shop, day, kind)
) WITH (fillfactor = 50);

-- Since when parts of a balance are there.
ALTER TABLE accounts ADD COLUMN lots TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- Whether it is counted what a shop owes: of those of before it is by `grapevine migrate --finish`.
ALTER TABLE shop_heads ADD COLUMN owing TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Processes of the release before may run beside this one, and do not count it. Where there is no shop yet, there was none.
INSERT INTO installation (name, value) SELECT 'owed_days', 'yes' WHERE NOT EXISTS (SELECT 1 FROM shops);
