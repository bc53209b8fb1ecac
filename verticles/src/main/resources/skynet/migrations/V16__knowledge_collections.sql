-- Documents stand in collections of tenants; the empty tenant is the node, whose documents all may read. What was known
-- before is shared, in the main collection.
ALTER TABLE knowledge.chunk DROP CONSTRAINT chunk_document_fkey, DROP CONSTRAINT chunk_pkey;
ALTER TABLE knowledge.document DROP CONSTRAINT document_pkey;

ALTER TABLE knowledge.document
    ADD COLUMN tenant      text      NOT NULL DEFAULT '' CHECK (length(tenant) <= 200),
    ADD COLUMN collection  text      NOT NULL DEFAULT 'main' CHECK (length(collection) BETWEEN 1 AND 64),
    ADD COLUMN chunks      integer   NOT NULL DEFAULT 0 CHECK (chunks >= 0),
    -- Where in the content each page begins; empty in a document without pages.
    ADD COLUMN pages       integer[] NOT NULL DEFAULT '{}',
    ADD PRIMARY KEY (tenant, collection, name);

-- The page on which a chunk begins, 0 without pages, and where in the content further pages begin within it. The model
-- is the one that made the vector, little-endian float32.
ALTER TABLE knowledge.chunk
    ADD COLUMN tenant      text      NOT NULL DEFAULT '',
    ADD COLUMN collection  text      NOT NULL DEFAULT 'main',
    ADD COLUMN page        integer   NOT NULL DEFAULT 0 CHECK (page >= 0),
    ADD COLUMN turns       integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN model       text      NOT NULL DEFAULT 'all-minilm-l6-v2-q',
    DROP CONSTRAINT chunk_vector_check,
    ADD CONSTRAINT chunk_vector_check CHECK (length(vector) BETWEEN 4 AND 65536 AND length(vector) % 4 = 0),
    ADD PRIMARY KEY (tenant, collection, document, chunk),
    ADD FOREIGN KEY (tenant, collection, document)
        REFERENCES knowledge.document (tenant, collection, name) ON DELETE CASCADE;

UPDATE knowledge.document d
   SET chunks = c.chunks
  FROM (SELECT document, count(*)::integer AS chunks FROM knowledge.chunk GROUP BY document) c
 WHERE c.document = d.name;

-- Whoever names a document looks for it among all that they may read.
CREATE INDEX document_name ON knowledge.document (name);

DROP INDEX knowledge.document_generation;
CREATE INDEX document_generation ON knowledge.document (generation, tenant, collection, name);
