-- How far the documents have come: one more with every change, so that an index, which begins at 0, knows
-- what it has not seen yet.
-- The lineage tells this database from another one whose count happens to be the same.
CREATE TABLE knowledge.state (
    sole        boolean     PRIMARY KEY DEFAULT true CHECK (sole),
    lineage     uuid        NOT NULL DEFAULT gen_random_uuid(),
    generation  bigint      NOT NULL DEFAULT 1 CHECK (generation >= 1)
);

INSERT INTO knowledge.state DEFAULT VALUES;

-- The generation in which the document became what it is.
ALTER TABLE knowledge.document ADD COLUMN generation bigint NOT NULL DEFAULT 1;

-- The words of a chunk beside its place: an answer reads passages, never a whole document.
ALTER TABLE knowledge.chunk ADD COLUMN passage text;

-- Places count UTF-16 characters and substr counts code points, so every character of two UTF-16 units gets a filler
-- behind it before the cut and loses it after.
WITH padded AS (
    SELECT name, regexp_replace(content, '([\U00010000-\U0010FFFF])', E'\\1\x01', 'g') AS content
      FROM knowledge.document
)
UPDATE knowledge.chunk c
   SET passage = regexp_replace(
           substr(p.content, c.start_at + 1, c.end_at - c.start_at), E'([\\U00010000-\\U0010FFFF])\x01', '\1', 'g')
  FROM padded p
 WHERE p.name = c.document;

ALTER TABLE knowledge.chunk ALTER COLUMN passage SET NOT NULL;
