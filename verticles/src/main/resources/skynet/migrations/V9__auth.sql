-- A conversation belongs to who began it: a tenant, and within it a user; guests have no name.
ALTER TABLE chat.conversation ADD COLUMN tenant text NOT NULL DEFAULT 'guests';
ALTER TABLE chat.conversation ADD COLUMN owner text NOT NULL DEFAULT '';
