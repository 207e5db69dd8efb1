-- The log's clock at a decision, in seconds since 1970, which never falls from one row to the next. An article is forgotten by it, and no longer
-- by the arrivals of others. Earlier rows get the moment of their decision. The arrival is now the latest of the story up to the row: an old
-- copy makes no story harder to find.
ALTER TABLE fingerprints ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
UPDATE fingerprints SET clock = made.clock, arrival = made.arrival
  FROM (
    SELECT f.number,
      max(d.decided / 1000) OVER (ORDER BY f.number) AS clock,
      max(f.arrival) OVER (PARTITION BY f.story ORDER BY f.number) AS arrival
    FROM fingerprints f JOIN decisions d ON d.number = f.number) made
  WHERE made.number = fingerprints.number;
