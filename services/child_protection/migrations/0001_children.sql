-- What this service keeps of the register of children, fed by the events of the referrals service. `revision`
-- is the register's. `survivor` is the id of the record that is the child's: itself, or where the chain of
-- merges ends. `nhs_number` is NULL when not known.
CREATE TABLE children (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  survivor VARCHAR(40) NOT NULL,
  merged_into VARCHAR(40) NULL,
  restricted BOOLEAN NOT NULL,
  family_group VARCHAR(64) NULL,
  nhs_number VARCHAR(10) NULL,
  birth_date DATE NULL,
  expected_birth_date DATE NULL,
  death_date DATE NULL,
  sex SMALLINT NOT NULL,
  ethnicity SMALLINT NOT NULL,
  disabled BOOLEAN NULL,
  PRIMARY KEY (borough, id),
  KEY survivor (borough, survivor),
  KEY merged_into (borough, merged_into),
  KEY family_group (borough, family_group)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- By what a child is recognised when an agency asks (child_keys.h): NHS number; names with a date of birth.
CREATE TABLE child_keys (
  borough VARCHAR(40) NOT NULL,
  search_key VARCHAR(250) NOT NULL,
  child VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, search_key, child),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who may see a restricted child.
CREATE TABLE child_people (
  borough VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  person VARCHAR(200) NOT NULL,
  PRIMARY KEY (borough, child, person)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Where a child stands, for whoever has to know at once (child_status.h): one row for each status that a child
-- has or had, written with the record that it comes from, which `source` names.
CREATE TABLE child_status (
  borough VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  status SMALLINT NOT NULL,
  source VARCHAR(120) NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NULL,
  PRIMARY KEY (borough, child, status, source),
  KEY source (borough, source)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
