-- Child in need plans. Codes are the contract's numbers, 0 for none. `child` is an id in the same borough.
-- `open_child` is NULL once a plan has ended, so that a child has one open plan at most.
CREATE TABLE child_in_need_plans (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  team VARCHAR(64) NOT NULL,
  worker VARCHAR(200) NOT NULL,
  no_recourse BOOLEAN NOT NULL,
  disability_service BOOLEAN NOT NULL,
  started_on DATE NOT NULL,
  review_due_on DATE NULL,
  ended_on DATE NULL,
  destination SMALLINT NOT NULL,
  open_child VARCHAR(40) GENERATED ALWAYS AS (IF(state = 1, child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, open_child),
  KEY started (borough, started_on, id),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Pre-proceedings and care proceedings. `began_on` is the first day of either. `open_child` is NULL once they have
-- ended, so that a child has one at most that has not.
CREATE TABLE proceedings (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  team VARCHAR(64) NOT NULL,
  began_on DATE NOT NULL,
  started_on DATE NULL,
  decided_on DATE NULL,
  outcome SMALLINT NOT NULL,
  issued_on DATE NULL,
  court_due_on DATE NULL,
  ended_on DATE NULL,
  pre_proceedings_days SMALLINT NOT NULL,
  court_days SMALLINT NOT NULL,
  open_child VARCHAR(40) GENERATED ALWAYS AS (IF(ended_on IS NULL, child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, open_child),
  KEY began (borough, began_on, id),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
