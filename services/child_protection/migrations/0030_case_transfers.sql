-- Transfers of cases from or to another borough. Codes are the contract's numbers, 0 for none. `child` is an id in the
-- same borough, empty while a child who comes is not on the register; `conference` the transfer-in conference, empty
-- until it was held. `open_child` is NULL but for a child who leaves while the other borough has not answered, so that
-- a child has one such transfer at most.
CREATE TABLE case_transfers (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  direction SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  other_borough VARCHAR(40) NOT NULL,
  with_plan BOOLEAN NOT NULL,
  notified_at DATETIME(6) NOT NULL,
  received_at DATETIME(6) NULL,
  answered_at DATETIME(6) NULL,
  conference VARCHAR(40) NOT NULL,
  open_child VARCHAR(40) GENERATED ALWAYS AS (IF(direction = 1 AND state IN (1, 2), child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, open_child),
  KEY notified (borough, notified_at, id),
  KEY child (borough, child),
  KEY conference (borough, conference)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
