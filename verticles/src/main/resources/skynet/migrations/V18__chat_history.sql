-- What a list of conversations shows: a title, and when something was last said. What was said before this release is
-- called by its first question.
ALTER TABLE chat.conversation ADD COLUMN title text NOT NULL DEFAULT '' CHECK (length(title) <= 200);
ALTER TABLE chat.conversation ADD COLUMN said_at timestamptz NOT NULL DEFAULT now();

UPDATE chat.conversation c
   SET said_at = m.said_at,
       title = left(regexp_replace(m.question, '\s+', ' ', 'g'), 80)
  FROM (SELECT DISTINCT ON (conversation) conversation, question,
               max(said_at) OVER (PARTITION BY conversation) AS said_at
          FROM chat.message
         ORDER BY conversation, message.said_at) m
 WHERE m.conversation = c.id;

CREATE INDEX conversation_of_owner ON chat.conversation (tenant, owner, said_at, id);

-- Who asks a model pastes more than who asks documents.
ALTER TABLE chat.message DROP CONSTRAINT message_question_check;
ALTER TABLE chat.message ADD CONSTRAINT message_question_check CHECK (length(question) BETWEEN 1 AND 16000);

-- Another answer to the same question is a message of its own, which names the first one.
ALTER TABLE chat.message ADD COLUMN version_of uuid REFERENCES chat.message (id) ON DELETE CASCADE;

CREATE INDEX version_of_message ON chat.message (version_of) WHERE version_of IS NOT NULL;

-- The words of a text as they are searched: whatever the case, without the marks on letters. What stands behind the first
-- 100,000 characters is not found.
CREATE FUNCTION chat.words(question text, said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', regexp_replace(
        normalize(left(question || ' ' || coalesce(said, ''), 100000), NFD), '[\u0300-\u036f]', '', 'g'))
$$;

CREATE INDEX message_words ON chat.message USING gin (chat.words(question, answer ->> 'text'));

-- What its reader thinks of an answer.
CREATE TABLE chat.feedback (
    message      uuid        PRIMARY KEY REFERENCES chat.message (id) ON DELETE CASCADE,
    rating       text        NOT NULL CHECK (rating IN ('good', 'bad')),
    reason       text        NOT NULL CHECK (length(reason) <= 1000),
    rated_at     timestamptz NOT NULL DEFAULT now()
);

-- What its reader says that the answer should have been.
CREATE TABLE chat.correction (
    message      uuid        PRIMARY KEY REFERENCES chat.message (id) ON DELETE CASCADE,
    corrected    text        NOT NULL CHECK (length(corrected) BETWEEN 1 AND 8000),
    corrected_at timestamptz NOT NULL DEFAULT now(),
    -- The pair to learn from as which it was proposed; NULL while it was not.
    proposed     uuid
);
