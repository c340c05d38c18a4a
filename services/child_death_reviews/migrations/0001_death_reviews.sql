-- Notifications of deaths, as agencies sent them. `death_review` is the id of the death review that they belong to.
CREATE TABLE death_notifications (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  agency VARCHAR(100) NOT NULL,
  kind SMALLINT NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  noticed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY noticed (borough, noticed_at, id),
  KEY agency (borough, agency, noticed_at),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Death reviews, one for each child who died. `birth_date` is NULL when not known; `family_key` is the family name
-- in the form in which names are compared.
CREATE TABLE death_reviews (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  scope SMALLINT NOT NULL,
  death_date DATE NOT NULL,
  birth_date DATE NULL,
  family_key VARCHAR(100) NOT NULL,
  coordinator VARCHAR(200) NOT NULL,
  possible_duplicate BOOLEAN NOT NULL,
  noticed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY died (borough, death_date, id),
  KEY noticed (borough, noticed_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- By what a notification finds the death review that it belongs to (particulars.h): NHS number; names with the days
-- of birth and death. A key belongs to one death review, so that a child has one.
CREATE TABLE death_review_keys (
  borough VARCHAR(40) NOT NULL,
  search_key VARCHAR(250) NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  PRIMARY KEY (borough, search_key),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
