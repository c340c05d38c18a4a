-- Children before panels. `panel` is the id of one of the borough's settings. `open_child` is NULL once a case has
-- ended, so that a child is before a panel once at a time.
CREATE TABLE panel_cases (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  panel VARCHAR(64) NOT NULL,
  child VARCHAR(40) NOT NULL,
  nominating_agency VARCHAR(64) NOT NULL,
  risk SMALLINT NOT NULL,
  nominated_at DATETIME(6) NOT NULL,
  meeting_on DATE NULL,
  discussions SMALLINT NOT NULL,
  ended_on DATE NULL,
  removal_reason SMALLINT NOT NULL,
  open_child VARCHAR(40) GENERATED ALWAYS AS (IF(ended_on IS NULL, child, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, panel, open_child),
  KEY nominated (borough, nominated_at, id),
  KEY child (borough, child),
  KEY agenda (borough, panel, meeting_on)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What agencies do for them. `panel_case` and `child` are ids in the same borough.
CREATE TABLE panel_actions (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  panel_case VARCHAR(40) NOT NULL,
  panel VARCHAR(64) NOT NULL,
  child VARCHAR(40) NOT NULL,
  kind SMALLINT NOT NULL,
  agency VARCHAR(64) NOT NULL,
  due_on DATE NOT NULL,
  completed_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_on, id),
  KEY agency (borough, agency, state, due_on),
  KEY panel_case (borough, panel_case),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
