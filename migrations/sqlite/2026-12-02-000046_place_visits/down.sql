DROP TABLE place_visits;
