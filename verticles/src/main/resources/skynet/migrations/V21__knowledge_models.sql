-- Other models than the one in the JAR, by whose vectors passages may be found. The vectors of the JAR's model, number 0,
-- stay where they are, in knowledge.chunk, for as long as the chunk does: answers are made with them.
CREATE TABLE knowledge.model (
    number      integer     PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name        text        NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 300),
    dimensions  integer     NOT NULL CHECK (dimensions BETWEEN 2 AND 4096),
    -- Its vector of a fixed text: a model that says something else today is another one, whatever it is called.
    probe       bytea       NOT NULL CHECK (length(probe) = 4 * dimensions)
);

-- What a chunk means to one of them, in little-endian float32.
CREATE TABLE knowledge.meaning (
    tenant      text        NOT NULL,
    collection  text        NOT NULL,
    document    text        NOT NULL,
    chunk       integer     NOT NULL,
    model       integer     NOT NULL REFERENCES knowledge.model (number),
    vector      bytea       NOT NULL CHECK (length(vector) BETWEEN 8 AND 16384 AND length(vector) % 4 = 0),
    PRIMARY KEY (tenant, collection, document, chunk, model),
    FOREIGN KEY (tenant, collection, document, chunk)
        REFERENCES knowledge.chunk (tenant, collection, document, chunk) ON DELETE CASCADE
);

-- Vectors do not shrink: trying costs time with every row.
ALTER TABLE knowledge.meaning ALTER COLUMN vector SET STORAGE EXTERNAL;

-- By which model passages are found, and which one is to find them once it has read every chunk; 0 is that of the JAR.
-- Each change of mind has the next number. One node at a time reads the chunks, until its time is over.
CREATE TABLE knowledge.embedding (
    sole         boolean     PRIMARY KEY DEFAULT true CHECK (sole),
    finds        integer     NOT NULL DEFAULT 0,
    wanted       integer     NOT NULL DEFAULT 0,
    change       bigint      NOT NULL DEFAULT 0,
    changed_by   integer     NOT NULL DEFAULT 0,
    switched_at  timestamptz NOT NULL DEFAULT now(),
    reader       text        NOT NULL DEFAULT '',
    reads_until  timestamptz NOT NULL DEFAULT '-infinity'
);

INSERT INTO knowledge.embedding DEFAULT VALUES;

-- What each node's settings named last: only what is set anew is a change of mind.
CREATE TABLE knowledge.embedding_setting (
    node         integer     PRIMARY KEY,
    model        integer     NOT NULL
);
