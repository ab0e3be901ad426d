-- Writer: visits

-- What is counted of visits on a day at a placement that the shop has declared: as day_visits, of shares that have one.
CREATE TABLE place_visits (
    shop TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    previews BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    unique_visits BIGINT NOT NULL,
    gone_previews BIGINT NOT NULL DEFAULT 0,
    gone_visits BIGINT NOT NULL DEFAULT 0,
    gone_unique BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, day, program, channel, place)
) WITH (fillfactor = 50);
