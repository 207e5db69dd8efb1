-- How far the log is kept is in the settings: see Retention. These are the articles up to there whose texts stay, as something may still need them.
CREATE TABLE held (
  article bigint PRIMARY KEY
);

-- What is held of a partition that was dropped.
CREATE TABLE contents_held PARTITION OF contents DEFAULT;
CREATE TABLE results_held PARTITION OF results DEFAULT;

-- The first article behind those partitions that are full and have nothing but what was decided up to a position: they go in one piece.
CREATE FUNCTION whole_partitions(up_to bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  size CONSTANT bigint := 1000000;
  least bigint;
BEGIN
  least := coalesce((
    SELECT min(substring(c.relname FROM '^contents_([0-9]+)$')::bigint)
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'contents'::regclass), 0);
  WHILE EXISTS (SELECT 1 FROM articles WHERE article >= (least + 1) * size)
    AND NOT EXISTS (
      SELECT 1 FROM articles a LEFT JOIN decisions d ON d.article = a.article
      WHERE a.article >= least * size AND a.article < (least + 1) * size AND (d.position IS NULL OR d.position > up_to)) LOOP
    least := least + 1;
  END LOOP;
  RETURN least * size;
END $$;

-- Drops the first partition where it is such a one, and what is held of it stays. Whoever keeps the ledger may call it, but drop no other table.
-- It takes a lock that all others wait for, and so waits for none of them.
CREATE FUNCTION drop_partition() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '100ms' AS $$
DECLARE
  size CONSTANT bigint := 1000000;
  least bigint;
BEGIN
  least := (
    SELECT min(substring(c.relname FROM '^contents_([0-9]+)$')::bigint)
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'contents'::regclass);
  IF least IS NULL OR whole_partitions(coalesce((SELECT value::bigint FROM settings WHERE name = 'texts gone'), 0)) < (least + 1) * size THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE contents DETACH PARTITION contents_%s', least);
  EXECUTE format('ALTER TABLE results DETACH PARTITION results_%s', least);
  EXECUTE format('INSERT INTO contents SELECT t.* FROM contents_%s t JOIN held h ON h.article = t.article', least);
  EXECUTE format('INSERT INTO results SELECT t.* FROM results_%s t JOIN held h ON h.article = t.article', least);
  EXECUTE format('DROP TABLE contents_%s, results_%s', least, least);
  RETURN true;
END $$;
