DROP VIEW histories;
DROP TABLE members;
DROP TABLE segments;
DROP TABLE claims;
DROP TABLE offers;
