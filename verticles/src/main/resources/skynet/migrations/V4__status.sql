CREATE SCHEMA status;

-- One row for each part of a node and day (UTC). What is missing from 86,400 s nobody watched.
CREATE TABLE status.day (
    node          integer NOT NULL,
    part          text    NOT NULL,
    day           date    NOT NULL,
    up_seconds    integer NOT NULL CHECK (up_seconds >= 0),
    down_seconds  integer NOT NULL CHECK (down_seconds >= 0),
    PRIMARY KEY (node, part, day),
    CHECK (up_seconds + down_seconds <= 86400)
);
