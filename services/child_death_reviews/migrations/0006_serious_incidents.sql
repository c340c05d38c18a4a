-- Serious incidents. Days are London's, NULL while something has not happened. `notified_on`: the national panel was
-- notified; `rapid_review_on`: the rapid review was completed, due on `rapid_review_due_on`; `decided_on`: whether a
-- review is held was decided, with its `review_type`, 0 when none is; `published_on`: the review was published. Codes are
-- the numbers of the contract's enums. `death_review` is the id of the death review of the same child, or empty.
CREATE TABLE serious_incidents (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  kind SMALLINT NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  children INT NOT NULL,
  incident_on DATE NOT NULL,
  aware_on DATE NOT NULL,
  notified_on DATE NULL,
  rapid_review_due_on DATE NOT NULL,
  rapid_review_on DATE NULL,
  decided_on DATE NULL,
  review_type SMALLINT NOT NULL,
  reported_on DATE NULL,
  extent SMALLINT NOT NULL,
  published_on DATE NULL,
  PRIMARY KEY (borough, id),
  KEY aware (borough, aware_on, id),
  KEY notified (borough, notified_on),
  KEY published (borough, published_on),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Chronologies that agencies are asked for, and what they returned. `returned_at` is NULL while one is owed.
CREATE TABLE chronologies (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  serious_incident VARCHAR(40) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  state SMALLINT NOT NULL,
  due_at DATETIME(6) NOT NULL,
  returned_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_at, id),
  KEY agency (borough, agency, due_at),
  KEY serious_incident (borough, serious_incident)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
