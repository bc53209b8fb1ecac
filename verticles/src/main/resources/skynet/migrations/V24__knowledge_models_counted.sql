-- How much a model has read, what it never takes, and whether anything is left of one that neither finds nor will, are asked
-- again and again while there are millions of chunks.
CREATE INDEX meaning_model ON knowledge.meaning (model);
CREATE INDEX meaning_unreadable ON knowledge.meaning (model) WHERE vector = '\x0000000000000000'::bytea;
