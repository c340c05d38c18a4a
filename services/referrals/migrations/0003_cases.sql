-- Referrals to social care, one for each child. Codes are the contract's numbers, 0 for none. `child` and
-- `contact` are ids in the same borough.
CREATE TABLE referrals (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  child VARCHAR(40) NOT NULL,
  contact VARCHAR(40) NOT NULL,
  source SMALLINT NOT NULL,
  source_group SMALLINT NOT NULL,
  primary_need SMALLINT NOT NULL,
  re_referral BOOLEAN NOT NULL,
  team VARCHAR(64) NOT NULL,
  worker VARCHAR(200) NOT NULL,
  received_at DATETIME(6) NOT NULL,
  decision_due_at DATETIME(6) NOT NULL,
  decision SMALLINT NOT NULL,
  decided_at DATETIME(6) NULL,
  closed_on DATE NULL,
  closure_reason SMALLINT NOT NULL,
  PRIMARY KEY (borough, id),
  KEY received (borough, received_at, id),
  KEY child (borough, child, received_at),
  KEY contact (borough, contact),
  KEY undecided (borough, state, decision_due_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Assessments of a referral's child. `ended_at` is NULL while one is open, so that a referral has one open
-- assessment at most. What is counted when one is authorised is kept as it was then.
CREATE TABLE assessments (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  referral VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  type SMALLINT NOT NULL,
  is_first_of_referral BOOLEAN NOT NULL,
  team VARCHAR(64) NOT NULL,
  worker VARCHAR(200) NOT NULL,
  started_on DATE NOT NULL,
  due_on DATE NOT NULL,
  seen BOOLEAN NOT NULL,
  seen_alone BOOLEAN NOT NULL,
  extensions SMALLINT NOT NULL,
  factors SMALLINT NOT NULL,
  outcome SMALLINT NOT NULL,
  authorised_at DATETIME(6) NULL,
  working_days SMALLINT NULL,
  ended_at DATETIME(6) NULL,
  open_referral VARCHAR(40) GENERATED ALWAYS AS (IF(ended_at IS NULL, referral, NULL)) STORED,
  PRIMARY KEY (borough, id),
  UNIQUE KEY one_open (borough, open_referral),
  KEY due (borough, due_on, id),
  KEY referral (borough, referral),
  KEY child (borough, child),
  KEY authorised (borough, authorised_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The factors of authorised assessments, a row for each.
CREATE TABLE assessment_factors (
  borough VARCHAR(40) NOT NULL,
  assessment VARCHAR(40) NOT NULL,
  factor SMALLINT NOT NULL,
  PRIMARY KEY (borough, assessment, factor)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
