-- Writer: engine

-- Of passes that follow the event of their offer: the last claim that was looked at.
ALTER TABLE jobs ADD COLUMN passed TEXT;
