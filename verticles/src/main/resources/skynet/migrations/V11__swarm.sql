CREATE SCHEMA swarm;

-- Numbers are given in ascending order, each once, and never to another node. NOD1 to NOD9 are nobody's to give.
CREATE SEQUENCE swarm.number_s AS integer MINVALUE 10 MAXVALUE 99 NO CYCLE;
CREATE SEQUENCE swarm.number_d AS integer MINVALUE 100 MAXVALUE 999999 NO CYCLE;
CREATE SEQUENCE swarm.number_m AS integer MINVALUE 1000000 MAXVALUE 9999999 NO CYCLE;

-- The identity of a node is its Ed25519 key. Of its token only the SHA-256 is kept, of its fingerprint a salted one.
CREATE TABLE swarm.node (
    number        integer     PRIMARY KEY CHECK (number BETWEEN 10 AND 9999999),
    mode          text        NOT NULL CHECK (mode IN ('heartbeat', 'relay', 'compute')),
    ed25519       bytea       NOT NULL UNIQUE CHECK (length(ed25519) = 32),
    ml_dsa_65     bytea       NOT NULL CHECK (length(ml_dsa_65) IN (0, 1952)),
    x_wing        bytea       NOT NULL CHECK (length(x_wing) IN (0, 1216)),
    fingerprint   bytea,
    twin_of       integer,
    token_sha256  bytea       NOT NULL CHECK (length(token_sha256) = 32),
    registered_at timestamptz NOT NULL DEFAULT now(),
    removed_at    timestamptz,
    revoked       boolean     NOT NULL DEFAULT false
);

CREATE INDEX node_fingerprint ON swarm.node (fingerprint) WHERE fingerprint IS NOT NULL;

-- The last heartbeat that is known, written at most once a minute for a node; rows change in place.
CREATE TABLE swarm.seen (
    number        integer     PRIMARY KEY REFERENCES swarm.node (number) ON DELETE CASCADE,
    seen_at       timestamptz NOT NULL,
    home          integer     NOT NULL,
    interval_ms   integer     NOT NULL CHECK (interval_ms > 0),
    load          integer     NOT NULL CHECK (load BETWEEN 0 AND 100),
    up_seconds    bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- How many nodes of each class are registered, in sixteen parts so that registrations do not queue for one row.
CREATE TABLE swarm.tally (
    class         text        NOT NULL,
    part          integer     NOT NULL CHECK (part BETWEEN 0 AND 15),
    nodes         integer     NOT NULL CHECK (nodes >= 0),
    PRIMARY KEY (class, part)
);

-- Nonces of registrations, until their time is too old to be shown again.
CREATE TABLE swarm.nonce (
    nonce         bytea       PRIMARY KEY,
    until         timestamptz NOT NULL
);

CREATE INDEX nonce_until ON swarm.nonce (until);

-- What fingerprints are hashed with; one row, drawn by the first node that needs it.
CREATE TABLE swarm.salt (
    single        boolean     PRIMARY KEY DEFAULT true CHECK (single),
    salt          bytea       NOT NULL
);
