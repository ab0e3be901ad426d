-- Writer: engine

-- What batches add to the counters of advocates, a line each, until it is merged into them.
CREATE TABLE advocate_lines (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    changes TEXT COLLATE "C" NOT NULL
);
CREATE INDEX advocate_lines_by_shop ON advocate_lines (shop, at);

-- What an advocate brought in a program in a month, by its first day, and of all time (0).
CREATE TABLE advocate_counts (
    shop TEXT COLLATE "C" NOT NULL,
    month BIGINT NOT NULL,
    program TEXT COLLATE "C" NOT NULL,
    advocate TEXT COLLATE "C" NOT NULL,
    referrals BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    reward_cost BIGINT NOT NULL,
    PRIMARY KEY (shop, month, program, advocate)
) WITH (fillfactor = 70);
CREATE INDEX advocate_counts_by_revenue ON advocate_counts (shop, month, program, revenue DESC, advocate) WHERE revenue > 0;
CREATE INDEX advocate_counts_by_orders ON advocate_counts (shop, month, program, orders DESC, advocate) WHERE orders > 0;
CREATE INDEX advocate_counts_by_referrals ON advocate_counts (shop, month, program, referrals DESC, advocate) WHERE referrals > 0;
