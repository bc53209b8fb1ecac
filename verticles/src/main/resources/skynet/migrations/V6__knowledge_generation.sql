-- An index of passages catches up in the order of generations.
CREATE INDEX document_generation ON knowledge.document (generation, name);
