-- What is ruled of the passages of sources. It counts more than what was learnt of them. Never changed: the last one about a passage counts. A
-- decision says which was the last about its source that the article was cleaned with; null for none.
CREATE TABLE rulings (
  ruling  INTEGER PRIMARY KEY,   -- from 1, without gaps
  source  INTEGER NOT NULL,
  passage TEXT NOT NULL,
  verdict TEXT NOT NULL,
  made    INTEGER NOT NULL
) STRICT;
CREATE INDEX rulings_source ON rulings (source, ruling);
ALTER TABLE decisions ADD COLUMN ruled INTEGER;
