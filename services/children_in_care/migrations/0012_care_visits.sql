-- By when each child in care is to be seen, one row for each period of care. `attempt_on` is the first unsuccessful
-- visit since the child was last seen.
CREATE TABLE visit_schedules (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  child_in_care VARCHAR(40) NOT NULL,
  care_started_on DATE NOT NULL,
  terms SMALLINT NOT NULL,
  due_on DATE NOT NULL,
  attempt_on DATE NULL,
  team VARCHAR(100) NOT NULL,
  worker VARCHAR(200) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_on, id),
  KEY child (borough, child),
  KEY child_in_care (borough, child_in_care)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Visits to children in care.
CREATE TABLE care_visits (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  visit_schedule VARCHAR(40) NOT NULL,
  visited_at DATETIME(6) NOT NULL,
  due_on DATE NULL,
  timeliness SMALLINT NOT NULL,
  seen_alone BOOLEAN NOT NULL,
  PRIMARY KEY (borough, id),
  KEY visited (borough, visited_at, id),
  KEY child (borough, child),
  KEY visit_schedule (borough, visit_schedule, visited_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
