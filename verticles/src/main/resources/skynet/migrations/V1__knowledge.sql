CREATE SCHEMA knowledge;

CREATE TABLE knowledge.document (
    name        text        PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 500),
    title       text        NOT NULL,
    content     text        NOT NULL,
    sha256      bytea       NOT NULL,
    chars       integer     NOT NULL CHECK (chars >= 0),
    learned_at  timestamptz NOT NULL DEFAULT now()
);

-- A chunk is content[start_at, end_at) in UTF-16 characters; its vector is 384 little-endian float32.
CREATE TABLE knowledge.chunk (
    document    text        NOT NULL REFERENCES knowledge.document (name) ON DELETE CASCADE,
    chunk       integer     NOT NULL CHECK (chunk >= 0),
    start_at    integer     NOT NULL CHECK (start_at >= 0),
    end_at      integer     NOT NULL CHECK (end_at > start_at),
    vector      bytea       NOT NULL CHECK (length(vector) = 1536),
    PRIMARY KEY (document, chunk)
);
