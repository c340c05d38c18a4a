-- Children in care, one record for each child. `legal_status` and the columns of the placement are those of the last
-- episode; `address_known` tells whether somebody could go there tonight.
CREATE TABLE children_in_care (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  child VARCHAR(40) NOT NULL,
  state SMALLINT NOT NULL,
  team VARCHAR(100) NOT NULL,
  worker VARCHAR(200) NOT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  short_breaks BOOLEAN NOT NULL,
  legal_status SMALLINT NOT NULL,
  placement_type SMALLINT NOT NULL,
  out_of_area BOOLEAN NOT NULL,
  address_known BOOLEAN NOT NULL,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_record (borough, child),
  KEY started (borough, started_on, id),
  KEY state (borough, state, started_on),
  KEY worker (borough, worker, state)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What each revision of a care chain was; only ever added to.
CREATE TABLE care_revisions (
  borough VARCHAR(40) NOT NULL,
  child_in_care VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  PRIMARY KEY (borough, child_in_care, revision)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Children who are missing or away without leave, as the child protection service tells: one row for each episode.
-- `found_at` is NULL while the child is not back.
CREATE TABLE missing_children (
  borough VARCHAR(40) NOT NULL,
  episode VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  kind SMALLINT NOT NULL,
  from_care BOOLEAN NOT NULL,
  missing_at DATETIME(6) NOT NULL,
  found_at DATETIME(6) NULL,
  PRIMARY KEY (borough, episode),
  KEY child (borough, child, found_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
