-- Strategy discussions. Codes are the contract's numbers, 0 for none. `referral` is an id in the same borough, ''
-- for none.
CREATE TABLE strategy_discussions (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  requester SMALLINT NOT NULL,
  reason SMALLINT NOT NULL,
  urgent BOOLEAN NOT NULL,
  referral VARCHAR(40) NOT NULL,
  team VARCHAR(64) NOT NULL,
  requested_at DATETIME(6) NOT NULL,
  due_at DATETIME(6) NOT NULL,
  held_at DATETIME(6) NULL,
  decided_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY requested (borough, requested_at, id),
  KEY referral (borough, referral),
  KEY held (borough, held_at),
  KEY decided (borough, decided_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE strategy_discussions_children (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, record, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What was decided, a row for each child.
CREATE TABLE strategy_decisions (
  borough VARCHAR(40) NOT NULL,
  discussion VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  outcome SMALLINT NOT NULL,
  PRIMARY KEY (borough, discussion, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who was invited and who came, a row for each kind of agency.
CREATE TABLE strategy_participants (
  borough VARCHAR(40) NOT NULL,
  discussion VARCHAR(40) NOT NULL,
  kind SMALLINT NOT NULL,
  invited BOOLEAN NOT NULL,
  attended BOOLEAN NOT NULL,
  sent_information BOOLEAN NOT NULL,
  PRIMARY KEY (borough, discussion, kind)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
