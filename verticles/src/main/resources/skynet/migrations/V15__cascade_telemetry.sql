-- What became of each question, without its words. One partition a day: what is too old is dropped with its table.
CREATE TABLE cascade.request (
    at            timestamptz      NOT NULL,
    -- Chosen by the node that answered, so that a batch that is written twice counts once.
    entry         uuid             NOT NULL,
    node          integer          NOT NULL,
    -- The message that was answered; NULL when it has no id.
    message       text,
    tenant        text             NOT NULL,
    -- The last level that gave text; the last one that was asked when none did.
    level         smallint         NOT NULL CHECK (level BETWEEN 0 AND 5),
    band          text             NOT NULL,
    policy        text             NOT NULL,
    outcome       text             NOT NULL CHECK (outcome IN ('hit', 'unknown', 'failed', 'stopped')),
    finish        text             NOT NULL,
    -- From the question to the first text; NULL when there was none.
    first_millis  integer,
    -- The same from the moment in which the level was asked that answered; NULL when none did.
    level_millis  integer,
    millis        integer          NOT NULL CHECK (millis >= 0),
    chars         integer          NOT NULL CHECK (chars >= 0),
    tokens_in     bigint           NOT NULL CHECK (tokens_in >= 0),
    tokens_out    bigint           NOT NULL CHECK (tokens_out >= 0),
    -- By the prices of that version; what came from an upstream without a price is not in it.
    cost          double precision NOT NULL CHECK (cost >= 0),
    price_version integer          NOT NULL,
    unpriced      boolean          NOT NULL,
    -- [{"level":"L3","upstream":"…","model":"…","tokens_in":1,"tokens_out":2,"ms":3,"estimated":false,"cost":0.1}]
    segments      jsonb            NOT NULL,
    -- [{"level":"L0","outcome":"miss","ms":1,"reason":"…"}]
    steps         jsonb            NOT NULL,
    -- SHA-256 of the question: tells the same question again without telling it.
    question_hash text             NOT NULL,
    -- 1 good, -1 bad, NULL nothing said.
    verdict       smallint         CHECK (verdict IN (-1, 1)),
    PRIMARY KEY (at, entry)
) PARTITION BY RANGE (at);

CREATE INDEX request_level ON cascade.request (level, at DESC);
CREATE INDEX request_message ON cascade.request (message) WHERE message IS NOT NULL;
CREATE INDEX request_verdict ON cascade.request (at) WHERE verdict IS NOT NULL;

-- The sums of each day (UTC), moved by the statement that writes the requests; they outlive them.
CREATE TABLE cascade.request_day (
    day         date             NOT NULL,
    level       smallint         NOT NULL,
    outcome     text             NOT NULL,
    requests    bigint           NOT NULL,
    tokens_in   bigint           NOT NULL,
    tokens_out  bigint           NOT NULL,
    cost        double precision NOT NULL,
    unpriced    bigint           NOT NULL,
    millis      bigint           NOT NULL,
    millis_most integer          NOT NULL,
    PRIMARY KEY (day, level, outcome)
);

-- What upstreams take for a million tokens, by version of the whole table. A version never changes.
CREATE TABLE cascade.price_version (
    version integer     PRIMARY KEY CHECK (version > 0),
    at      timestamptz NOT NULL DEFAULT now(),
    by      text        NOT NULL
);

CREATE TABLE cascade.price (
    version  integer          NOT NULL REFERENCES cascade.price_version,
    upstream text             NOT NULL CHECK (length(upstream) BETWEEN 1 AND 100),
    input    double precision NOT NULL CHECK (input BETWEEN 0 AND 1000000),
    output   double precision NOT NULL CHECK (output BETWEEN 0 AND 1000000),
    PRIMARY KEY (version, upstream)
);
