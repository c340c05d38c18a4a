-- The journal: one row for each resource that a mutation changed. It is the audit trail of changes, the
-- revision history, the outbox and the memory of request ids. Append-only: the server's account may
-- INSERT and SELECT. `id` identifies; the order is in journal_seal. payload, event and reply may be
-- set to NULL, all together, when their retention ends: the chain holds content_digest for them.
CREATE TABLE journal (
  id BIGINT NOT NULL AUTO_INCREMENT,
  at DATETIME(6) NOT NULL,
  borough VARCHAR(40) NOT NULL,
  agency VARCHAR(64) NOT NULL,
  person VARCHAR(64) NOT NULL,
  purpose VARCHAR(64) NOT NULL,
  method VARCHAR(160) NOT NULL,
  trace_id CHAR(32) NOT NULL,
  request_id CHAR(36) NULL,
  request_digest BINARY(32) NULL,
  resource VARCHAR(160) NOT NULL,
  revision BIGINT NOT NULL,
  content_digest BINARY(32) NOT NULL,
  payload MEDIUMBLOB NULL,
  event_type VARCHAR(100) NULL,
  event_subject VARCHAR(160) NULL,
  event MEDIUMBLOB NULL,
  reply MEDIUMBLOB NULL,
  PRIMARY KEY (id),
  UNIQUE KEY request (agency, person, request_id),
  UNIQUE KEY revision (resource, revision)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who was shown what. Append-only. Two rows with the same event_id are one disclosure, written again
-- because the first outcome was unknown.
CREATE TABLE disclosures (
  id BIGINT NOT NULL AUTO_INCREMENT,
  event_id CHAR(32) NOT NULL,
  at DATETIME(6) NOT NULL,
  borough VARCHAR(40) NOT NULL,
  agency VARCHAR(64) NOT NULL,
  person VARCHAR(64) NOT NULL,
  purpose VARCHAR(64) NOT NULL,
  method VARCHAR(160) NOT NULL,
  trace_id CHAR(32) NOT NULL,
  resource VARCHAR(160) NOT NULL,
  PRIMARY KEY (id),
  KEY resource (resource, at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The order of committed rows, with the hash chain. Insert-only.
CREATE TABLE journal_seal (
  pos BIGINT NOT NULL,
  id BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,
  PRIMARY KEY (pos),
  UNIQUE KEY id (id)
) ENGINE=InnoDB;

CREATE TABLE disclosure_seal (
  pos BIGINT NOT NULL,
  id BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,
  PRIMARY KEY (pos),
  UNIQUE KEY id (id)
) ENGINE=InnoDB;

-- Below `lo` no row of the stream can appear any more.
CREATE TABLE sequencer_settled (
  stream VARCHAR(20) NOT NULL,
  lo BIGINT NOT NULL,
  PRIMARY KEY (stream)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who does a task that only one process may do (sequencer, relay of a subscriber).
CREATE TABLE leases (
  name VARCHAR(64) NOT NULL,
  holder VARCHAR(100) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Up to which position a subscriber has taken our events.
CREATE TABLE event_progress (
  subscriber VARCHAR(64) NOT NULL,
  pos BIGINT NOT NULL,
  PRIMARY KEY (subscriber)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Events of others that were handled, by their id.
CREATE TABLE event_inbox (
  event_id VARCHAR(100) NOT NULL,
  received_at DATETIME(6) NOT NULL,
  PRIMARY KEY (event_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Every obligation with its clock. At most one of a rule runs for a subject at a time: `running` is 1
-- or NULL, and NULLs are never equal.
CREATE TABLE timescales (
  subject VARCHAR(160) NOT NULL,
  rule VARCHAR(64) NOT NULL,
  started_at DATETIME(6) NOT NULL,
  borough VARCHAR(40) NOT NULL,
  team VARCHAR(64) NOT NULL,
  owner VARCHAR(200) NOT NULL,
  due_at DATETIME(6) NOT NULL,
  met_at DATETIME(6) NULL,
  cancelled_at DATETIME(6) NULL,
  running TINYINT GENERATED ALWAYS AS (IF(met_at IS NULL AND cancelled_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (subject, rule, started_at),
  UNIQUE KEY running (subject, rule, running),
  KEY due (borough, met_at, cancelled_at, due_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
