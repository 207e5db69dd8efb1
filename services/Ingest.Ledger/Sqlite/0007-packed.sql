-- Whether the content is packed: see Packing. What was stored before stays as it came.
ALTER TABLE articles ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
