-- Brothers and sisters of children who died, as the child death reviews service refers them. Codes are the contract's
-- numbers, 0 for none. `death_review` and `child`, who died, are ids in the same borough; `child` is '' when it is not
-- known.
CREATE TABLE sibling_referrals (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  urgent BOOLEAN NOT NULL,
  death_review VARCHAR(40) NOT NULL,
  child VARCHAR(40) NOT NULL,
  outcome SMALLINT NOT NULL,
  due_at DATETIME(6) NOT NULL,
  decided_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_at, id),
  KEY death_review (borough, death_review)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
