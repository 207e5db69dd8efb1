-- Events that were passed over, each with the reason; those behind them were sent. Positions are kept for each destination.
CREATE TABLE unsent (
  destination TEXT NOT NULL,
  position    INTEGER NOT NULL,
  type        TEXT NOT NULL,
  cause       TEXT NOT NULL,
  detail      TEXT NOT NULL,          -- what a person should know beyond the cause
  since       INTEGER NOT NULL,
  PRIMARY KEY (destination, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsent_cause ON unsent (destination, cause, type, position);
INSERT INTO unsent (destination, position, type, cause, detail, since)
  SELECT 'rabbitmq', position, type, CASE type WHEN 'damaged' THEN 'damaged' ELSE 'unroutable' END, '', since FROM unroutable
  -- One event for a position; a damaged ledger may say otherwise.
  WHERE true ON CONFLICT DO NOTHING;
DROP TABLE unroutable;
