-- Results may be packed from here on (see StoredResult), which earlier programs do not read. What was stored before stays as it is.

-- What waits is asked for twenty times a second by each process, and without these each question reads all of it. The holder is in none of them, so
-- that taking an article up changes no index; those that are held are passed over, and few.
CREATE INDEX unfinished_to_clean ON unfinished (article) WHERE cleaned = 0;
CREATE INDEX unfinished_to_decide ON unfinished (article) WHERE cleaned = 1;
-- On a server nobody asks for it.
DROP INDEX unfinished_open;
