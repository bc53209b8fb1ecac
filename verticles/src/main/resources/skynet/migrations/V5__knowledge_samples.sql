-- The samples that were offered once, each with the text it had then: one that was forgotten does not come back.
CREATE TABLE knowledge.sample (
    name        text        PRIMARY KEY,
    sha256      bytea       NOT NULL
);
