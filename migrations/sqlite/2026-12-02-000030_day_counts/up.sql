-- Writer: engine

-- What is counted of a day, by program and channel; no program is an empty text. Only ever added to.
CREATE TABLE day_counts (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    program TEXT NOT NULL,
    channel TEXT NOT NULL,
    shares_made INTEGER NOT NULL,
    shares_sent INTEGER NOT NULL,
    referrals INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    naked_orders INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    revenue INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    discounts INTEGER NOT NULL,
    reward_cost INTEGER NOT NULL,
    redeemed INTEGER NOT NULL,
    PRIMARY KEY (shop, day, program, channel)
) STRICT, WITHOUT ROWID;

-- How far the records of a shop are counted: those of before are by `grapevine migrate --finish`.
ALTER TABLE shop_heads ADD COLUMN counted TEXT NOT NULL DEFAULT '';

-- By which time zones the days of a shop were told before: what was counted on a day stays there.
ALTER TABLE shops ADD COLUMN past_zones TEXT NOT NULL DEFAULT '[]';

-- Where a reward is counted.
ALTER TABLE rewards ADD COLUMN channel TEXT;
ALTER TABLE rewards ADD COLUMN counted_at INTEGER;

-- No process of the release before serves this file any more: shops that are made from now on are counted from the start.
INSERT INTO installation (name, value) VALUES ('day_counts', 'yes');
