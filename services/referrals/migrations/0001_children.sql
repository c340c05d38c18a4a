-- The register of children. Identifiers are NULL when not known or when the record is merged, so that they
-- are unique among the records in use. `survivor` is the id of the record that is the child's: itself, or
-- where the chain of merges ends.
CREATE TABLE children (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  created_at DATETIME(6) NOT NULL,
  survivor VARCHAR(40) NOT NULL,
  merged_into VARCHAR(40) NULL,
  restricted BOOLEAN NOT NULL,
  family_group VARCHAR(64) NULL,
  nhs_number VARCHAR(10) NULL,
  upn VARCHAR(13) NULL,
  local_authority_id VARCHAR(20) NULL,
  birth_date DATE NULL,
  expected_birth_date DATE NULL,
  death_date DATE NULL,
  sex SMALLINT NOT NULL,
  ethnicity SMALLINT NOT NULL,
  disabled BOOLEAN NULL,
  PRIMARY KEY (borough, id),
  UNIQUE KEY nhs_number (borough, nhs_number),
  UNIQUE KEY upn (borough, upn),
  UNIQUE KEY local_authority_id (borough, local_authority_id),
  KEY created_at (borough, created_at, id),
  KEY survivor (borough, survivor),
  KEY merged_into (borough, merged_into),
  KEY family_group (borough, family_group)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- By what a child is looked for: identifiers, names by their sound, dates of birth, postcodes (matching.h).
CREATE TABLE child_keys (
  borough VARCHAR(40) NOT NULL,
  search_key VARCHAR(120) NOT NULL,
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
