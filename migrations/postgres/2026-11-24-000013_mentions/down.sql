-- Writer: engine

DROP TABLE mentions;
