DROP INDEX shares_by_parent;
