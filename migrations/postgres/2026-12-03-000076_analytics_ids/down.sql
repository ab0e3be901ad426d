DROP TABLE analytics_ids;
