-- Writer: engine

-- What batches add to the counters of advocates, a line each, until it is merged into them.
CREATE TABLE advocate_lines (
    id INTEGER PRIMARY KEY,
    shop TEXT NOT NULL,
    at INTEGER NOT NULL,
    changes TEXT NOT NULL
) STRICT;
CREATE INDEX advocate_lines_by_shop ON advocate_lines (shop, at);

-- What an advocate brought in a program in a month, by its first day, and of all time (0).
CREATE TABLE advocate_counts (
    shop TEXT NOT NULL,
    month INTEGER NOT NULL,
    program TEXT NOT NULL,
    advocate TEXT NOT NULL,
    referrals INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    revenue INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    reward_cost INTEGER NOT NULL,
    PRIMARY KEY (shop, month, program, advocate)
) STRICT, WITHOUT ROWID;
CREATE INDEX advocate_counts_by_revenue ON advocate_counts (shop, month, program, revenue DESC, advocate) WHERE revenue > 0;
CREATE INDEX advocate_counts_by_orders ON advocate_counts (shop, month, program, orders DESC, advocate) WHERE orders > 0;
CREATE INDEX advocate_counts_by_referrals ON advocate_counts (shop, month, program, referrals DESC, advocate) WHERE referrals > 0;
