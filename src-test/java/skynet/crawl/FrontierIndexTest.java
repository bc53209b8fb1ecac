package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.TestDatabase;

/** How PostgreSQL finds the next page of a large frontier. */
@Timeout(120)
class FrontierIndexTest {
    @Test
    void theNextOfManyPagesIsFoundInOrderWithoutSortingThem(@TempDir Path home) throws Exception {
        try (TestDatabase postgres = TestDatabase.start(home);
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO crawl.site (name, seed, depth, pages, begun_by) VALUES ('s', 's', 5, 100000, 'me')");
            statement.execute(
                    """
                    INSERT INTO crawl.page (url, site, kind, depth, due_at)
                    SELECT 'https://s/' || n, 's', CASE WHEN n % 1000 = 0 THEN 'sitemap' ELSE 'page' END, n % 6,
                           now() - n * interval '1 second'
                      FROM generate_series(1, 50000) AS n
                    """);
            statement.execute("ANALYZE crawl.page");
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery("EXPLAIN " + CrawlStore.NEXT.replace("$1", "'s'"))) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            assertTrue(plan.toString().contains("page_next"), plan.toString());
            assertFalse(plan.toString().contains("Sort"), plan.toString());
        }
    }
}
