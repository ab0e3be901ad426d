DROP TABLE advocate_counts;
DROP TABLE advocate_lines;
