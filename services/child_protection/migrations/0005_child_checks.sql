-- Who checked where a child stands. A check that found nobody has no row in child_checks_children.
CREATE TABLE child_checks (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  agency VARCHAR(63) NOT NULL,
  found BOOLEAN NOT NULL,
  told BOOLEAN NOT NULL,
  checked_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY checked (borough, checked_at, id),
  KEY agency (borough, agency, checked_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE child_checks_children (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, record, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
