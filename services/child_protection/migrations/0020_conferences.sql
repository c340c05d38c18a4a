-- Child protection conferences. Codes are the contract's numbers, 0 for none. `due_on` is the earliest of the
-- children's; `in_time` and `working_days` are told when it is held.
CREATE TABLE conferences (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  type SMALLINT NOT NULL,
  planned_at DATETIME(6) NOT NULL,
  due_on DATE NOT NULL,
  team VARCHAR(64) NOT NULL,
  held_at DATETIME(6) NULL,
  quorate BOOLEAN NOT NULL,
  in_time BOOLEAN NOT NULL,
  working_days SMALLINT NULL,
  dissents SMALLINT NOT NULL,
  decided_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY planned (borough, planned_at, id),
  KEY held (borough, held_at),
  KEY undecided (borough, state, due_on)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE conferences_children (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, record, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How each child took part in a conference that was held, whether it was in time for the child, and what was
-- decided.
CREATE TABLE conference_outcomes (
  borough VARCHAR(40) NOT NULL,
  conference VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  participation SMALLINT NOT NULL,
  decision SMALLINT NOT NULL,
  category SMALLINT NOT NULL,
  in_time BOOLEAN NOT NULL,
  PRIMARY KEY (borough, conference, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Invitations of agencies to a conference, with their reports.
CREATE TABLE conference_invitations (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  conference VARCHAR(40) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  kind SMALLINT NOT NULL,
  state SMALLINT NOT NULL,
  planned_at DATETIME(6) NOT NULL,
  report_due_at DATETIME(6) NOT NULL,
  reported_at DATETIME(6) NULL,
  attended BOOLEAN NOT NULL,
  PRIMARY KEY (borough, id),
  UNIQUE KEY conference (borough, conference, agency),
  KEY agency (borough, agency, planned_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
