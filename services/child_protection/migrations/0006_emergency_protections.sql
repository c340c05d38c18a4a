-- Police protection and emergency protection orders. `ended_at` is NULL while one is in force, so that a child is
-- under one of a kind at most.
CREATE TABLE emergency_protections (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  kind SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  started_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  end_reason SMALLINT NOT NULL,
  child_in_force VARCHAR(40) GENERATED ALWAYS AS (IF(ended_at IS NULL, child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_in_force (borough, child_in_force),
  KEY started (borough, started_at, id),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
