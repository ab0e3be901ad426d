-- Writer: imports

DROP TABLE import_lines;
