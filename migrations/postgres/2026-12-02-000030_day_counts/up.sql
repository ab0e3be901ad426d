-- Writer: engine

-- What is counted of a day, by program and channel; no program is an empty text. Only ever added to.
CREATE TABLE day_counts (
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    shares_made BIGINT NOT NULL,
    shares_sent BIGINT NOT NULL,
    referrals BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    naked_orders BIGINT NOT NULL,
    approved BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    discounts BIGINT NOT NULL,
    reward_cost BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    PRIMARY KEY (shop, day, program, channel)
) WITH (fillfactor = 50);

-- How far the records of a shop are counted: those of before are by `grapevine migrate --finish`.
ALTER TABLE shop_heads ADD COLUMN counted TEXT COLLATE "C" NOT NULL DEFAULT '';

-- By which time zones the days of a shop were told before: what was counted on a day stays there.
ALTER TABLE shops ADD COLUMN past_zones TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- Where a reward is counted.
ALTER TABLE rewards ADD COLUMN channel TEXT COLLATE "C";
ALTER TABLE rewards ADD COLUMN counted_at BIGINT;

-- Processes of the release before may run beside this one, and count nothing; `grapevine migrate --finish` says when
-- none does. Where there is no shop yet, there was none.
INSERT INTO installation (name, value) SELECT 'day_counts', 'yes' WHERE NOT EXISTS (SELECT 1 FROM shops);
