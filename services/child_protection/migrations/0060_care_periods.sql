-- When children are looked after, as the children in care service tells: one row for each period of care. `record` is
-- the id of the child's record there; `ended_on` is NULL while it lasts. Short breaks are in it
-- and marked.
CREATE TABLE care_periods (
  borough VARCHAR(40) NOT NULL,
  record VARCHAR(40) NOT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  child VARCHAR(40) NOT NULL,
  short_breaks BOOLEAN NOT NULL,
  PRIMARY KEY (borough, record, started_on),
  KEY child (borough, child)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
