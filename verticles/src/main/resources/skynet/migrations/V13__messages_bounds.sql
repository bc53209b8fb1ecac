-- When its owner first looked into an inbox: until then hardly anything is kept in it. Those of before count as looked into.
ALTER TABLE messages.inbox ADD COLUMN looked_at timestamptz;
UPDATE messages.inbox SET looked_at = opened_at;

-- Messages that nobody acknowledges go after a month, and what waits in all inboxes together has a bound.
CREATE INDEX message_waiting_since ON messages.message (sent_at) WHERE acked_at IS NULL;
CREATE INDEX inbox_waiting ON messages.inbox (owner) WHERE waiting > 0;
