-- Writer: engine

DROP TABLE messages;
DROP TABLE events;
