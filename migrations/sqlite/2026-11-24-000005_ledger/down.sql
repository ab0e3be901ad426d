-- Writer: engine

DROP TABLE entries;
DROP TABLE accounts;
