CREATE SCHEMA mesh;

-- One row for each role that one node at a time has. The epoch grows with each takeover and never falls.
CREATE TABLE mesh.lease (
    role     text        PRIMARY KEY,
    holder   integer     NOT NULL CHECK (holder BETWEEN 1 AND 99),
    epoch    bigint      NOT NULL CHECK (epoch > 0),
    expires  timestamptz NOT NULL,
    -- Makes the epoch part of a key: a guarded write, which locks the row FOR KEY SHARE, waits for a takeover and a
    -- takeover for it, but not for a renewal.
    UNIQUE (role, epoch)
);
