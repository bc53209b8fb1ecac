-- A conversation belongs to who began it: a tenant, and within it a user; guests have no name.
ALTER TABLE chat.conversation ADD COLUMN tenant text NOT NULL DEFAULT 'guests';
ALTER TABLE chat.conversation ADD COLUMN owner text NOT NULL DEFAULT '';

CREATE SCHEMA auth;

-- An account. The password is kept as Argon2id makes it, with its parameters; a second factor counts from its
-- confirmation, and the last time step of it that was used is not taken again.
CREATE TABLE auth.account (
    id           uuid        PRIMARY KEY,
    email        text        NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    tenant       text        NOT NULL CHECK (tenant NOT IN ('', 'guests', 'machine', 'nodes')),
    role         text        NOT NULL CHECK (role IN ('user', 'operator', 'admin')),
    password     text        NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    verified_at  timestamptz,
    enabled      boolean     NOT NULL DEFAULT true,
    factor       bytea,
    factor_at    timestamptz,
    factor_step  bigint      NOT NULL DEFAULT 0
);

-- Codes for the day on which the authenticator is lost, as SHA-256; each is deleted when it is used.
CREATE TABLE auth.recovery (
    account      uuid        NOT NULL REFERENCES auth.account (id) ON DELETE CASCADE,
    sha256       bytea       NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (account, sha256)
);

-- A session: a browser keeps a cookie, others an access token for minutes and a refresh token for the next one.
-- Both are kept as SHA-256.
CREATE TABLE auth.session (
    id           uuid        PRIMARY KEY,
    account      uuid        NOT NULL REFERENCES auth.account (id) ON DELETE CASCADE,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now(),
    ends_at      timestamptz NOT NULL,
    proved_at    timestamptz,
    refresh      bytea       UNIQUE CHECK (length(refresh) = 32),
    cookie       bytea       UNIQUE CHECK (length(cookie) = 32),
    agent        text        NOT NULL,
    address      text        NOT NULL,
    ended_at     timestamptz,
    CHECK ((refresh IS NULL) <> (cookie IS NULL))
);

CREATE INDEX session_of_account ON auth.session (account, begun_at);

-- Refresh tokens that were used: whoever shows one again has a copy, and the session ends. The oldest go.
CREATE TABLE auth.spent (
    sha256       bytea       PRIMARY KEY CHECK (length(sha256) = 32),
    session      uuid        NOT NULL REFERENCES auth.session (id) ON DELETE CASCADE,
    spent_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX spent_of_session ON auth.spent (session, spent_at);

-- A key as SHA-256. One without an account was made by the machine itself.
CREATE TABLE auth.key (
    id           uuid        PRIMARY KEY,
    account      uuid        REFERENCES auth.account (id) ON DELETE CASCADE,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    hint         text        NOT NULL,
    scopes       text        NOT NULL,
    sha256       bytea       NOT NULL UNIQUE CHECK (length(sha256) = 32),
    made_at      timestamptz NOT NULL DEFAULT now(),
    ends_at      timestamptz,
    used_at      timestamptz,
    revoked_at   timestamptz
);

CREATE INDEX key_of_account ON auth.key (account, made_at);

-- What a mail carries to prove an address or to set a password, as SHA-256; deleted when it is used.
CREATE TABLE auth.letter (
    sha256       bytea       PRIMARY KEY CHECK (length(sha256) = 32),
    account      uuid        NOT NULL REFERENCES auth.account (id) ON DELETE CASCADE,
    purpose      text        NOT NULL CHECK (purpose IN ('verify', 'reset')),
    ends_at      timestamptz NOT NULL
);

-- Mails that nobody carries, for an administrator to read; the oldest go.
CREATE TABLE auth.mail (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recipient    text        NOT NULL,
    subject      text        NOT NULL,
    body         text        NOT NULL,
    written_at   timestamptz NOT NULL DEFAULT now()
);

-- The secret that signs tokens is no fact; its SHA-256 is, so that members with different secrets notice.
CREATE TABLE auth.secret (
    sole         boolean     PRIMARY KEY DEFAULT true CHECK (sole),
    sha256       bytea       NOT NULL CHECK (length(sha256) = 32)
);
