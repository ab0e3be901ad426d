-- Writer: engine

-- What is counted of a day at a placement that the shop has declared: as day_counts, of what has one. Only ever added to.
CREATE TABLE place_counts (
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
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
    PRIMARY KEY (shop, day, program, channel, place)
) WITH (fillfactor = 50);

-- The placements that a shop has declared, and at which of them something is counted; none: at none.
ALTER TABLE shops ADD COLUMN placements TEXT COLLATE "C";
ALTER TABLE shares ADD COLUMN placed TEXT COLLATE "C";
ALTER TABLE referrals ADD COLUMN placed TEXT COLLATE "C";
ALTER TABLE conversions ADD COLUMN placed TEXT COLLATE "C";
ALTER TABLE rewards ADD COLUMN placed TEXT COLLATE "C";

-- How far a shop is in the numbers of days; all: processes of the release before, which count at no placement, are gone.
ALTER TABLE shop_heads ADD COLUMN tallied TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Where there is no shop yet, there was no process of the release before.
INSERT INTO installation (name, value) SELECT 'day_tallies', 'yes' WHERE NOT EXISTS (SELECT 1 FROM shops);
