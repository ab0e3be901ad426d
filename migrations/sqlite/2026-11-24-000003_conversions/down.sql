-- Writer: engine

DROP TABLE tallies;
DROP TABLE grants;
DROP TABLE rewards;
DROP TABLE conversions;
