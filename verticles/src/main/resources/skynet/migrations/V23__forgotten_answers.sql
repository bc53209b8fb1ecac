-- Messages that are gone, until nothing of their answers is kept in memory or as pieces; the chat room has that forgotten.
CREATE TABLE chat.forgotten (
    message    uuid         PRIMARY KEY,
    tenant     text         NOT NULL,
    due_at     timestamptz  NOT NULL DEFAULT now(),
    -- Whether it is looked for again what was on its way when the message went.
    once_more  boolean      NOT NULL DEFAULT true
);

CREATE INDEX forgotten_due ON chat.forgotten (due_at);

-- By whichever way a conversation goes: by its owner, as one of too many, or as an old one of a guest.
CREATE FUNCTION chat.forget() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chat.forgotten (message, tenant)
    SELECT id, OLD.tenant
      FROM chat.message
     WHERE conversation = OLD.id
        ON CONFLICT (message) DO UPDATE SET due_at = now(), once_more = true;
    RETURN OLD;
END
$$;

CREATE TRIGGER conversation_deleted BEFORE DELETE ON chat.conversation
    FOR EACH ROW EXECUTE FUNCTION chat.forget();

-- A pair is noted here before it is proposed, to be taken back unless its correction says in time that it is its own.
ALTER TABLE chat.withdrawn ADD COLUMN due_at timestamptz NOT NULL DEFAULT now();

CREATE OR REPLACE FUNCTION chat.withdraw() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chat.withdrawn (pair) VALUES (OLD.proposed) ON CONFLICT (pair) DO UPDATE SET due_at = now();
    RETURN NULL;
END
$$;
