-- Recommendations to bodies. `source` is the name of what they are drawn from; `due_on` the day by the end of which one
-- is carried out (London's); `done_at` NULL while it is not, and again when it is returned; `impact` 0 while it is not
-- closed. Codes are the numbers of the contract's enums.
CREATE TABLE recommendations (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  source VARCHAR(120) NOT NULL,
  agency VARCHAR(100) NOT NULL,
  theme VARCHAR(100) NOT NULL,
  state SMALLINT NOT NULL,
  impact SMALLINT NOT NULL,
  made_at DATETIME(6) NOT NULL,
  due_on DATE NOT NULL,
  done_at DATETIME(6) NULL,
  closed_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY due (borough, due_on, id),
  KEY agency (borough, agency, due_on),
  KEY source (borough, source),
  KEY made (borough, made_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
