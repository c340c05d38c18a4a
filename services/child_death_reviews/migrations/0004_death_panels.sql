-- What is counted of a death review. Days are London's. `notified_on` is that of the first notification; `reviewed_on`
-- that of the panel's meeting that agreed the analysis, with its category, its modifiability and the theme of the
-- meeting; `completed_on` that on which the review was closed: all NULL or 0 while it was not, and again when it is
-- reopened. Codes are the numbers of the contract's enums, 0 for not known or not decided. `delay_reason` is that of
-- the last delay, 0 when none was recorded; `completion_due_on` the day by which the review is to be completed, delays
-- among it. Area is the borough; age comes from birth_date and death_date.
ALTER TABLE death_reviews
  ADD COLUMN notified_on DATE NULL,
  ADD COLUMN reviewed_on DATE NULL,
  ADD COLUMN completed_on DATE NULL,
  ADD COLUMN category SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN modifiability SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN panel_theme SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN delay_reason SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN completion_due_on DATE NULL,
  ADD COLUMN sex SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN ethnicity SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN death_place_kind SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN expectedness SMALLINT NOT NULL DEFAULT 0,
  ADD KEY notified (borough, notified_on),
  ADD KEY reviewed (borough, reviewed_on),
  ADD KEY completed (borough, completed_on);

-- Child death review meetings of those who cared for the child. `death_review` is the id of the death review.
CREATE TABLE death_review_meetings (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  meets_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY meets (borough, meets_at, id),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Meetings of the child death overview panel, with the borough that holds them; `held_on` is NULL until one was held.
CREATE TABLE death_panels (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  theme SMALLINT NOT NULL,
  meets_at DATETIME(6) NOT NULL,
  held_on DATE NULL,
  quorate BOOLEAN NOT NULL,
  PRIMARY KEY (borough, id),
  KEY meets (borough, meets_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who sits on a panel's meeting, and so sees the papers of its cases. `death_panel` is its name.
CREATE TABLE death_panel_members (
  death_panel VARCHAR(120) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  person VARCHAR(200) NOT NULL,
  PRIMARY KEY (death_panel, agency, person),
  KEY person (agency, person)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the panel sees of a death review, with an id of its own that tells nothing. `death_review` is the id of the
-- death review; `death_panel` the name of the meeting on whose agenda it is or was agreed, which may be another
-- borough's; empty while it waits.
CREATE TABLE death_panel_cases (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  death_date DATE NOT NULL,
  draft_category SMALLINT NOT NULL,
  age_band SMALLINT NOT NULL,
  death_panel VARCHAR(120) NOT NULL,
  PRIMARY KEY (borough, id),
  UNIQUE KEY death_review (borough, death_review),
  KEY died (borough, death_date, id),
  KEY death_panel (death_panel)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
