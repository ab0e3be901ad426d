-- Writer: engine

DROP TABLE job_faults;
DROP TABLE jobs;
