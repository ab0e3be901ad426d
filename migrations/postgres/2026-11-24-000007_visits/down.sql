-- Writer: visits

DROP TABLE visitor_hashes;
DROP TABLE visit_salts;
DROP TABLE share_counts;
DROP TABLE visits;
