CREATE SCHEMA crawl;

-- A site is crawled by one node at a time, which holds its lease; pages are taken one after the other, with a pause.
CREATE TABLE crawl.site (
    name         text        PRIMARY KEY,
    seed         text        NOT NULL,
    depth        integer     NOT NULL CHECK (depth BETWEEN 0 AND 20),
    pages        integer     NOT NULL CHECK (pages BETWEEN 1 AND 100000),
    begun_by     text        NOT NULL,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    next_at      timestamptz NOT NULL DEFAULT now(),
    lease        uuid,
    lease_node   integer,
    lease_until  timestamptz,
    leaving      boolean     NOT NULL DEFAULT false,
    fetched      bigint      NOT NULL DEFAULT 0,
    unchanged    bigint      NOT NULL DEFAULT 0,
    learned      bigint      NOT NULL DEFAULT 0,
    bytes        bigint      NOT NULL DEFAULT 0
);

-- What each origin of a site asks of robots; a status of 0 stands for no answer.
CREATE TABLE crawl.robots (
    origin      text        PRIMARY KEY,
    site        text        NOT NULL REFERENCES crawl.site (name) ON DELETE CASCADE,
    status      integer     NOT NULL,
    body        bytea       NOT NULL,
    fetched_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX robots_site ON crawl.robots (site);

-- The frontier and what is known of what was fetched. due_at is when it is looked at next.
CREATE TABLE crawl.page (
    url         text        PRIMARY KEY,
    site        text        NOT NULL REFERENCES crawl.site (name) ON DELETE CASCADE,
    kind        text        NOT NULL CHECK (kind IN ('page', 'sitemap')),
    depth       integer     NOT NULL,
    hops        integer     NOT NULL DEFAULT 0,
    state       text        NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'indexed', 'duplicate', 'moved', 'refused', 'unfit', 'failed', 'gone')),
    points_to   text        NOT NULL DEFAULT '',
    due_at      timestamptz NOT NULL DEFAULT now(),
    tries       integer     NOT NULL DEFAULT 0,
    etag        text        NOT NULL DEFAULT '',
    modified    text        NOT NULL DEFAULT '',
    digest      bytea,
    document    boolean     NOT NULL DEFAULT false,
    title       text        NOT NULL DEFAULT '',
    said        text        NOT NULL DEFAULT '',
    fetched_at  timestamptz,
    CHECK (length(url) <= 500)
);

CREATE INDEX page_due ON crawl.page (site, due_at);
CREATE INDEX page_digest ON crawl.page (site, digest) WHERE document;
CREATE INDEX page_said ON crawl.page (fetched_at DESC) WHERE said <> '';

-- Pairs of question and answer that somebody proposed. Only an approved one is learned, and by somebody else's approval.
CREATE TABLE crawl.pair (
    id           uuid        PRIMARY KEY,
    question     text        NOT NULL,
    answer       text        NOT NULL,
    source       text        NOT NULL,
    tenant       text        NOT NULL,
    proposed_by  text        NOT NULL,
    proposed_at  timestamptz NOT NULL DEFAULT now(),
    state        text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected')),
    judged_by    text        CHECK (judged_by <> proposed_by),
    judged_at    timestamptz,
    learned      boolean     NOT NULL DEFAULT false,
    number       bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    CHECK ((state = 'pending') = (judged_by IS NULL)),
    CHECK (state = 'approved' OR NOT learned)
);

CREATE INDEX pair_state ON crawl.pair (state, number);
CREATE INDEX pair_unlearned ON crawl.pair (number) WHERE state = 'approved' AND NOT learned;
