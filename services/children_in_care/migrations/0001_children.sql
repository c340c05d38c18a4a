-- What this service keeps of the register of children, fed by the events of the referrals service. `revision`
-- is the register's. `survivor` is the id of the record that is the child's: itself, or where the chain of
-- merges ends.
CREATE TABLE children (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  survivor VARCHAR(40) NOT NULL,
  merged_into VARCHAR(40) NULL,
  restricted BOOLEAN NOT NULL,
  birth_date DATE NULL,
  death_date DATE NULL,
  sex SMALLINT NOT NULL,
  ethnicity SMALLINT NOT NULL,
  disabled BOOLEAN NULL,
  PRIMARY KEY (borough, id),
  KEY survivor (borough, survivor),
  KEY merged_into (borough, merged_into)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who may see a restricted child.
CREATE TABLE child_people (
  borough VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  person VARCHAR(200) NOT NULL,
  PRIMARY KEY (borough, child, person)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
