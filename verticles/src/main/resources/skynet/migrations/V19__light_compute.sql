-- Light nodes that an operator lets compute: passages of documents are sent to these and to no others. A strike is an answer
-- that was none; a node with too many of them is given nothing until it is granted anew.
CREATE TABLE swarm.compute (
    number        integer     PRIMARY KEY REFERENCES swarm.node (number) ON DELETE CASCADE,
    granted_by    text        NOT NULL,
    granted_at    timestamptz NOT NULL DEFAULT now(),
    strikes       integer     NOT NULL DEFAULT 0 CHECK (strikes >= 0),
    strike        text        NOT NULL DEFAULT '' CHECK (length(strike) <= 200),
    struck_at     timestamptz
);
