-- Writer: engine

DROP TABLE refunds;
