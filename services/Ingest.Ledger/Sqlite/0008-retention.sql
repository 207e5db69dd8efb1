-- How far the log is kept is in the settings: see Retention. These are the articles up to there whose texts stay, as something may still need them.
CREATE TABLE held (
  article INTEGER PRIMARY KEY
) STRICT;
