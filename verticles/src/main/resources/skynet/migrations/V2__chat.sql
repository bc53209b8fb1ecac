CREATE SCHEMA chat;

CREATE TABLE chat.conversation (
    id          uuid        PRIMARY KEY,
    begun_at    timestamptz NOT NULL DEFAULT now()
);

-- A message is stored before it is answered; the answer follows under the same id, once.
CREATE TABLE chat.message (
    id           uuid        PRIMARY KEY,
    conversation uuid        NOT NULL REFERENCES chat.conversation (id) ON DELETE CASCADE,
    said_at      timestamptz NOT NULL DEFAULT now(),
    question     text        NOT NULL CHECK (length(question) BETWEEN 1 AND 4000),
    answer       jsonb
);

CREATE INDEX message_of_conversation ON chat.message (conversation, said_at);
