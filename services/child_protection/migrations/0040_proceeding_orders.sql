-- The final orders of proceedings, as they are counted; a code is the contract's number.
CREATE TABLE proceeding_orders (
  borough VARCHAR(40) NOT NULL,
  proceeding VARCHAR(40) NOT NULL,
  court_order SMALLINT NOT NULL,
  PRIMARY KEY (borough, proceeding, court_order)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
