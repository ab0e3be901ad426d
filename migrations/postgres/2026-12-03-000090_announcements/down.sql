ALTER TABLE programs DROP COLUMN notice;
DROP INDEX messages_of_announcement;
DROP TABLE announcements;
