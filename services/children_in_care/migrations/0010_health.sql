-- Health of children in care, one record for each period of care. Days are NULL while there is none.
CREATE TABLE health_records (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  child_in_care VARCHAR(40) NOT NULL,
  care_started_on DATE NOT NULL,
  care_ended_on DATE NULL,
  initial_due_on DATE NOT NULL,
  initial_on DATE NULL,
  initial_refused BOOLEAN NOT NULL,
  review_due_on DATE NULL,
  last_dental_on DATE NULL,
  team VARCHAR(100) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY started (borough, care_started_on, id),
  KEY child (borough, child),
  KEY child_in_care (borough, child_in_care)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Health assessments: asked of an agency, or told. `agency` is empty where none was asked; codes are the contract's
-- numbers, 0 for none.
CREATE TABLE health_assessments (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  kind SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  health_record VARCHAR(40) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  due_on DATE NOT NULL,
  assessed_on DATE NULL,
  standing SMALLINT NOT NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_on, id),
  KEY agency (borough, agency, due_on),
  KEY child (borough, child),
  KEY health_record (borough, health_record)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
