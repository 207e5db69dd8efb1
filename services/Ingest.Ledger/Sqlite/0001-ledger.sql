-- Ids are UUIDs of 16 bytes, moments are milliseconds since 1970 in UTC, articles and decisions are counted from 1.

-- What was submitted, in the order of acceptance. Never changed.
CREATE TABLE articles (
  article   INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,   -- made from what identifies the submission: the same article has the same id
  submitted TEXT NOT NULL,          -- the submitter's id
  accepted  INTEGER NOT NULL,
  metadata  TEXT,                   -- the other fields of the record, JSON
  text      TEXT NOT NULL
) STRICT;

-- Articles without an outcome. Small, so that they are found and counted quickly.
CREATE TABLE unfinished (
  article INTEGER PRIMARY KEY
) STRICT;

-- What the normaliser made of an article: see StoredResult.
CREATE TABLE results (
  article INTEGER PRIMARY KEY,
  result  BLOB NOT NULL
) STRICT;

-- The log. The position is the order of the decisions, without gaps; the number counts the articles that have a story, which is how the
-- deduplicator names them. Story, canonical and matched are numbers.
CREATE TABLE decisions (
  position    INTEGER PRIMARY KEY,
  article     INTEGER NOT NULL UNIQUE,
  decided     INTEGER NOT NULL,
  number      INTEGER,
  story       INTEGER,
  canonical   INTEGER,
  version     INTEGER,
  relation    TEXT,
  matched     INTEGER,
  resemblance REAL,
  containment REAL,
  changes     TEXT,                 -- JSON: a list of pairs
  rejection   TEXT,                 -- the reason; the detail is in the result
  arrival     INTEGER NOT NULL,
  normaliser  TEXT NOT NULL,        -- version of the rules that made the result
  headline    TEXT,
  agency      TEXT,
  publisher   TEXT
) STRICT;
CREATE UNIQUE INDEX decisions_number ON decisions (number) WHERE number IS NOT NULL;
CREATE INDEX decisions_joined ON decisions (story, number) WHERE matched IS NOT NULL;

-- What the deduplicator's index keeps of an article; with these rows it is rebuilt.
CREATE TABLE fingerprints (
  number    INTEGER PRIMARY KEY,
  story     INTEGER NOT NULL,
  canonical INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  arrival   INTEGER NOT NULL,       -- seconds since 1970
  hops      INTEGER NOT NULL,
  sampled   INTEGER NOT NULL,
  thinning  INTEGER NOT NULL,
  text_hash INTEGER NOT NULL,
  oldest    INTEGER NOT NULL,       -- the oldest number in the window after this decision
  posted    BLOB NOT NULL           -- 32 bits each, little-endian
) STRICT;

-- How far events were sent, by destination.
CREATE TABLE publications (
  destination TEXT PRIMARY KEY,
  position    INTEGER NOT NULL
) STRICT;

-- Events that no queue took; they are tried again.
CREATE TABLE unroutable (
  type     TEXT NOT NULL,
  position INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  PRIMARY KEY (type, position)
) STRICT, WITHOUT ROWID;

-- Articles whose handling failed.
CREATE TABLE errors (
  article  INTEGER PRIMARY KEY,
  stage    TEXT NOT NULL,
  fault    TEXT NOT NULL,
  detail   TEXT NOT NULL,
  occurred INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) STRICT;

-- Idempotency keys, and what they were used for.
CREATE TABLE idempotency (
  key     TEXT PRIMARY KEY,
  content BLOB NOT NULL,            -- SHA-256 of the request's body
  used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How the index was made: fingerprints of other settings are not comparable.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
