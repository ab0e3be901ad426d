-- Writer: visits

-- Here visits lie in one table, and what is old is removed page by page.
