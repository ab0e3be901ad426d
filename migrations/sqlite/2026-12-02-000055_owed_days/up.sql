-- Writer: engine

-- What a shop owes, by the day (of UTC) since which it does, and by kind. Only ever added to.
CREATE TABLE owed_days (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (shop, day, kind)
) STRICT, WITHOUT ROWID;

-- Since when parts of a balance are there.
ALTER TABLE accounts ADD COLUMN lots TEXT NOT NULL DEFAULT '[]';

-- Whether it is counted what a shop owes: of those of before it is by `grapevine migrate --finish`.
ALTER TABLE shop_heads ADD COLUMN owing TEXT NOT NULL DEFAULT '';

-- No process of the release before serves this file any more: shops that are made from now on are counted from the start.
INSERT INTO installation (name, value) VALUES ('owed_days', 'yes');
