-- Writer: engine

DROP TABLE referrals;
DROP TABLE shares;
DROP TABLE codes;
DROP TABLE programs;
