-- A raw article is kept as it came: bytes and what they are. What was kept before, a text with the other fields of its record, becomes such a record.
CREATE TABLE raw_articles (
  article   INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,   -- made from what identifies the submission: the same article has the same id
  submitted TEXT NOT NULL,          -- the submitter's id
  feed      TEXT,                   -- the feed it came by
  sender    TEXT NOT NULL,          -- who sent it: file, http or queue
  accepted  INTEGER NOT NULL,
  form      TEXT NOT NULL,          -- what the content is: see StoredWords
  metadata  TEXT,                   -- what came beside the content, JSON
  content   BLOB NOT NULL
) STRICT;
-- What is damaged already stays beside its text, so that it is named when that article is looked at, and stops no other.
INSERT INTO raw_articles (article, id, submitted, feed, sender, accepted, form, metadata, content)
  SELECT article, id, submitted, json_extract(sound, '$.feed'), 'unknown', accepted, 'record', CASE WHEN sound IS NULL THEN metadata END,
    CAST(json_set(coalesce(sound, '{}'), '$.id', submitted, '$.text', text) AS BLOB)
  FROM (
    SELECT *, CASE WHEN metadata IS NULL THEN '{}' WHEN NOT json_valid(metadata) THEN NULL WHEN json_type(metadata) = 'object' THEN metadata END AS sound
    FROM articles);
DROP TABLE articles;
ALTER TABLE raw_articles RENAME TO articles;

-- Whether an article that waits for its outcome is open to every process that runs the next stage, or on its way in the one that accepted it.
ALTER TABLE unfinished ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
CREATE INDEX unfinished_open ON unfinished (article) WHERE open = 1;
