-- Section 47 enquiries, one for each child. `ended_at` is NULL while one is open, so that a child has one open
-- enquiry at most. `child` is the id of the record on the register that the strategy discussion was about.
CREATE TABLE enquiries (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  joint BOOLEAN NOT NULL,
  team VARCHAR(64) NOT NULL,
  lead_worker VARCHAR(200) NOT NULL,
  seen BOOLEAN NOT NULL,
  started_at DATETIME(6) NOT NULL,
  conference_due_at DATETIME(6) NOT NULL,
  finding SMALLINT NOT NULL,
  next_step SMALLINT NOT NULL,
  concluded_at DATETIME(6) NULL,
  conference_at DATETIME(6) NULL,
  ended_at DATETIME(6) NULL,
  open_child VARCHAR(40) GENERATED ALWAYS AS (IF(ended_at IS NULL, child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, open_child),
  KEY started (borough, started_at, id),
  KEY child (borough, child),
  KEY concluded (borough, concluded_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
