-- Visits to children. Codes are the contract's numbers, 0 for none. `plan` is the id of the protection plan, empty
-- for none. `visited_at` is when a visit was made; of one that was not, when it was planned to be.
CREATE TABLE visits (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  basis SMALLINT NOT NULL,
  plan VARCHAR(40) NOT NULL,
  team VARCHAR(64) NOT NULL,
  visited_at DATETIME(6) NOT NULL,
  due_on DATE NULL,
  timeliness SMALLINT NOT NULL,
  seen_alone BOOLEAN NOT NULL,
  bedroom_seen BOOLEAN NOT NULL,
  reason SMALLINT NOT NULL,
  PRIMARY KEY (borough, id),
  KEY visited (borough, visited_at, id),
  KEY plan (borough, plan, visited_at),
  KEY child (borough, child, visited_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Day by which the child of a plan is to be seen next, NULL once the plan has ended; and of the first visit since
-- the child was last seen on which the child was not.
ALTER TABLE protection_plans ADD COLUMN visit_due_on DATE NULL, ADD COLUMN attempt_on DATE NULL;
