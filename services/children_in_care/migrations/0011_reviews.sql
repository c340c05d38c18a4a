-- Reviews of children in care: those that were held, and for each child in care the one that is due.
CREATE TABLE care_reviews (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  child_in_care VARCHAR(40) NOT NULL,
  care_started_on DATE NOT NULL,
  number INT NOT NULL,
  due_on DATE NOT NULL,
  held_on DATE NULL,
  timeliness SMALLINT NOT NULL,
  participation SMALLINT NOT NULL,
  officer VARCHAR(200) NOT NULL,
  decision_due_on DATE NULL,
  team VARCHAR(100) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_on, id),
  KEY child (borough, child),
  KEY child_in_care (borough, child_in_care)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What reviewing officers dispute.
CREATE TABLE review_disputes (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  care_review VARCHAR(40) NOT NULL,
  stage SMALLINT NOT NULL,
  raised_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY raised (borough, raised_at, id),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
