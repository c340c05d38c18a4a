-- Contacts with the hub. A document is the contact without its agency checks, which have their own
-- table. Codes are the contract's numbers, 0 for none; only source is the census's code, e.g. '2A'. `received_on` is the London day, and
-- `working_day_ends_at` the end of the first working day after it.
CREATE TABLE contacts (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  form_type SMALLINT NOT NULL,
  channel SMALLINT NOT NULL,
  source_agency VARCHAR(100) NOT NULL,
  sender_reference VARCHAR(100) NOT NULL,
  source VARCHAR(4) NOT NULL,
  received_at DATETIME(6) NOT NULL,
  received_on DATE NOT NULL,
  working_day_ends_at DATETIME(6) NOT NULL,
  acknowledged_at DATETIME(6) NULL,
  decision_due_at DATETIME(6) NOT NULL,
  initial_brag SMALLINT NOT NULL,
  final_brag SMALLINT NOT NULL,
  outcome SMALLINT NOT NULL,
  decided_at DATETIME(6) NULL,
  feedback_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY queue (borough, decision_due_at, id),
  KEY received (borough, received_at),
  KEY sender (borough, source_agency, received_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The children of a contact, as far as they are counted and looked for. `child` is the id on the
-- register.
CREATE TABLE contact_children (
  borough VARCHAR(40) NOT NULL,
  contact VARCHAR(40) NOT NULL,
  ordinal SMALLINT NOT NULL,
  sex SMALLINT NOT NULL,
  birth_date DATE NULL,
  unborn BOOLEAN NOT NULL,
  child VARCHAR(40) NULL,
  PRIMARY KEY (borough, contact, ordinal),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What agencies are asked about the children of a contact.
CREATE TABLE agency_checks (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  contact VARCHAR(40) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  state SMALLINT NOT NULL,
  requested_at DATETIME(6) NOT NULL,
  due_at DATETIME(6) NOT NULL,
  answered_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY contact (borough, contact, id),
  KEY agency (borough, agency, due_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
