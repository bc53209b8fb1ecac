-- The order in which the pages of a site are read, so that the next one is found without sorting all that are due.
CREATE INDEX page_next ON crawl.page (site, (kind = 'sitemap') DESC, depth, due_at, url);

-- Pairs to learn from whose correction is gone or is another one now; the chat room has them taken back and forgets them here.
CREATE TABLE chat.withdrawn (
    pair  uuid  PRIMARY KEY
);

-- By whichever way a correction goes: with its conversation, as the oldest one, or taken back by who wrote it.
CREATE FUNCTION chat.withdraw() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chat.withdrawn (pair) VALUES (OLD.proposed) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER correction_deleted AFTER DELETE ON chat.correction
    FOR EACH ROW WHEN (OLD.proposed IS NOT NULL) EXECUTE FUNCTION chat.withdraw();

CREATE TRIGGER correction_changed AFTER UPDATE ON chat.correction
    FOR EACH ROW WHEN (OLD.proposed IS NOT NULL AND NEW.proposed IS DISTINCT FROM OLD.proposed)
    EXECUTE FUNCTION chat.withdraw();
