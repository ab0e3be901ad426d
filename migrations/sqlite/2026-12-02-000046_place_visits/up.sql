-- Writer: visits

-- What is counted of visits on a day at a placement that the shop has declared: as day_visits, of shares that have one.
CREATE TABLE place_visits (
    shop TEXT NOT NULL,
    day INTEGER NOT NULL,
    program TEXT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    previews INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    unique_visits INTEGER NOT NULL,
    gone_previews INTEGER NOT NULL DEFAULT 0,
    gone_visits INTEGER NOT NULL DEFAULT 0,
    gone_unique INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, day, program, channel, place)
) STRICT, WITHOUT ROWID;
