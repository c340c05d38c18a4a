-- The care chains as rows, for figures: what children_in_care holds in its documents, written anew with each change of
-- a chain. `ended_on` is NULL while something lasts; `child` is the register's id.
CREATE TABLE care_periods (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  child VARCHAR(40) NOT NULL,
  need SMALLINT NOT NULL,
  end_reason SMALLINT NOT NULL,
  short_breaks BOOLEAN NOT NULL,
  first_legal_status SMALLINT NOT NULL,
  PRIMARY KEY (borough, record, started_on),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE care_episodes (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  legal_status SMALLINT NOT NULL,
  placement VARCHAR(20) NOT NULL,
  PRIMARY KEY (borough, record, started_on)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- `lasting` is false of temporary moves, within which the child keeps the placement before. `distance_tenths` of a mile
-- is NULL when not known.
CREATE TABLE care_placements (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  placement VARCHAR(20) NOT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  type SMALLINT NOT NULL,
  lasting BOOLEAN NOT NULL,
  out_of_area BOOLEAN NOT NULL,
  at_a_distance BOOLEAN NOT NULL,
  distance_tenths INT NULL,
  PRIMARY KEY (borough, record, placement)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
