-- Reporting forms that agencies are asked for, and what they returned. `returned_at` is NULL while one is owed.
CREATE TABLE reporting_forms (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  state SMALLINT NOT NULL,
  due_at DATETIME(6) NOT NULL,
  returned_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_at, id),
  KEY agency (borough, agency, due_at),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
