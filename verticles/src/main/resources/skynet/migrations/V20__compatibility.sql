-- The first schema with which a release can share this database. A migration that takes from earlier releases what they
-- live by moves it up; a release that does not know so new a schema refuses to start. Since 16, documents of several
-- tenants may have one name.
CREATE TABLE skynet.compatibility (
    oldest integer NOT NULL,
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
);
INSERT INTO skynet.compatibility (oldest) VALUES (16);
