CREATE SCHEMA messages;

-- One inbox for each receiver: NOD… or the id of a user. Its row is locked while a message comes in, so that the order of
-- seq is the order in which messages become visible, and no cursor passes one that is yet to come.
CREATE TABLE messages.inbox (
    owner         text        PRIMARY KEY,
    next_seq      bigint      NOT NULL DEFAULT 1,
    waiting       integer     NOT NULL DEFAULT 0 CHECK (waiting BETWEEN 0 AND 1000),
    waiting_bytes bigint      NOT NULL DEFAULT 0 CHECK (waiting_bytes BETWEEN 0 AND 16777216),
    opened_at     timestamptz NOT NULL DEFAULT now()
);

-- An acknowledged message loses its body and stays for a week, so that its sender's retries are still known.
CREATE TABLE messages.message (
    id            uuid        PRIMARY KEY,
    inbox         text        NOT NULL REFERENCES messages.inbox (owner) ON DELETE CASCADE,
    seq           bigint      NOT NULL,
    sender        text        NOT NULL,
    client_id     uuid        NOT NULL,
    sha256        bytea       NOT NULL,
    sent_at       timestamptz NOT NULL DEFAULT now(),
    acked_at      timestamptz,
    body          bytea       CHECK (length(body) BETWEEN 1 AND 32768),
    UNIQUE (inbox, seq),
    UNIQUE (sender, client_id),
    CHECK ((acked_at IS NULL) = (body IS NOT NULL))
);

CREATE INDEX message_waiting ON messages.message (inbox, seq) WHERE acked_at IS NULL;
CREATE INDEX message_of_sender ON messages.message (inbox, sender) WHERE acked_at IS NULL;
CREATE INDEX message_acked ON messages.message (acked_at) WHERE acked_at IS NOT NULL;

-- What each sender has sent on its last day.
CREATE TABLE messages.sender (
    sender        text        PRIMARY KEY,
    day           date        NOT NULL,
    messages      integer     NOT NULL,
    bytes         bigint      NOT NULL
);
