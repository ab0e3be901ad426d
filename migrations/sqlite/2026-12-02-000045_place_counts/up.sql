-- Writer: engine

-- What is counted of a day at a placement that the shop has declared: as day_counts, of what has one. Only ever added to.
CREATE TABLE place_counts (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    program TEXT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
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
    PRIMARY KEY (shop, day, program, channel, place)
) STRICT, WITHOUT ROWID;

-- The placements that a shop has declared, and at which of them something is counted; none: at none.
ALTER TABLE shops ADD COLUMN placements TEXT;
ALTER TABLE shares ADD COLUMN placed TEXT;
ALTER TABLE referrals ADD COLUMN placed TEXT;
ALTER TABLE conversions ADD COLUMN placed TEXT;
ALTER TABLE rewards ADD COLUMN placed TEXT;

-- How far a shop is in the numbers of days; all: processes of the release before, which count at no placement, are gone.
ALTER TABLE shop_heads ADD COLUMN tallied TEXT NOT NULL DEFAULT '';

-- No process of the release before serves this file any more.
INSERT INTO installation (name, value) VALUES ('day_tallies', 'yes');
