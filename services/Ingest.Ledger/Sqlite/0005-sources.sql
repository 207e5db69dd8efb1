-- What a source repeats beside its articles is learnt from them, in the order of the log. A decision says which source the article is of, the
-- how-many-th of its articles it is, and of how many the source was known when it was cleaned.
CREATE TABLE sources (
  source INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE
) STRICT;
ALTER TABLE decisions ADD COLUMN source INTEGER;     -- null for a rejected article, and for one that names no source
ALTER TABLE decisions ADD COLUMN of_source INTEGER;  -- from 1, without gaps
ALTER TABLE decisions ADD COLUMN learnt INTEGER;
CREATE UNIQUE INDEX decisions_source ON decisions (source, of_source) WHERE source IS NOT NULL;
