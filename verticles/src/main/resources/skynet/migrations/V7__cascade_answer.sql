CREATE SCHEMA cascade;

-- An answer that is computed piece by piece. The attempt is the fence: whoever computes under an older one keeps nothing more.
CREATE TABLE cascade.answer (
    id          uuid        PRIMARY KEY,
    tenant      text        NOT NULL CHECK (length(tenant) BETWEEN 1 AND 200),
    question    text        NOT NULL CHECK (length(question) BETWEEN 1 AND 4000),
    state       text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'ended', 'failed')),
    owner       integer     NOT NULL CHECK (owner BETWEEN 0 AND 99),
    attempt     integer     NOT NULL DEFAULT 1 CHECK (attempt BETWEEN 1 AND 16),
    last_seq    bigint      NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
    changed_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX answer_of_owner ON cascade.answer (owner) WHERE state = 'running';
CREATE INDEX answer_by_age ON cascade.answer (changed_at) WHERE state <> 'running';

-- The number of the first piece of each attempt.
CREATE TABLE cascade.answer_begin (
    id          uuid        NOT NULL REFERENCES cascade.answer (id) ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    seq         bigint      NOT NULL CHECK (seq >= 1),
    PRIMARY KEY (id, attempt)
);

-- Pieces in a row, kept together: records of the bus, one after the other.
CREATE TABLE cascade.answer_segment (
    id          uuid        NOT NULL REFERENCES cascade.answer (id) ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    first_seq   bigint      NOT NULL CHECK (first_seq >= 1),
    last_seq    bigint      NOT NULL CHECK (last_seq >= first_seq),
    frames      bytea       NOT NULL,
    PRIMARY KEY (id, first_seq)
);
