-- Joint responses and family supports, one of each for a death review that was taken on, with its id.
CREATE TABLE joint_responses (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  begun_at DATETIME(6) NOT NULL,
  planning_meeting_at DATETIME(6) NULL,
  PRIMARY KEY (borough, id),
  KEY begun (borough, begun_at, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- `key_worker` is empty while a family has none.
CREATE TABLE family_supports (
  borough VARCHAR(40) NOT NULL,
  id VARCHAR(40) NOT NULL,
  revision BIGINT NOT NULL,
  document MEDIUMBLOB NOT NULL,
  state SMALLINT NOT NULL,
  key_worker VARCHAR(200) NOT NULL,
  begun_at DATETIME(6) NOT NULL,
  PRIMARY KEY (borough, id),
  KEY begun (borough, begun_at, id),
  KEY key_worker (borough, key_worker, begun_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
