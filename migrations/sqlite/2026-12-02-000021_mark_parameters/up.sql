-- Writer: engine

-- Which parameters of a landing page's address carry the mark; empty: gv alone.
ALTER TABLE shops ADD COLUMN mark_parameters TEXT;
