-- Core groups of protection plans. Codes are the contract's numbers. `members` are those of agencies, and how many
-- of them attended.
CREATE TABLE core_groups (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  team VARCHAR(64) NOT NULL,
  planned_at DATETIME(6) NOT NULL,
  due_on DATE NOT NULL,
  held_at DATETIME(6) NULL,
  in_time BOOLEAN NOT NULL,
  members SMALLINT NOT NULL,
  attended SMALLINT NOT NULL,
  PRIMARY KEY (borough, id),
  KEY planned (borough, planned_at, id),
  KEY held (borough, held_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE core_groups_children (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, record, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Day by which a plan's next core group is due; NULL once the plan has ended.
ALTER TABLE protection_plans ADD COLUMN core_group_due_on DATE NULL;
