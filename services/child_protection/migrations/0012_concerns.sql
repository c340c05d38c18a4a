-- People, places and patterns of concern in the exploitation of children.
CREATE TABLE concerns (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  role SMALLINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY recorded (borough, recorded_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE concerns_children (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, record, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Notices and orders that disrupt it, as they are counted.
CREATE TABLE concern_notices (
  borough VARCHAR(40) NOT NULL,
  concern VARCHAR(40) NOT NULL,
  number INT NOT NULL,
  kind SMALLINT NOT NULL,
  issued_on DATE NOT NULL,
  expires_on DATE NULL,
  PRIMARY KEY (borough, concern, number),
  KEY issued (borough, issued_on)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
