package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address of a database: its parts, and what is refused without showing the password. */
final class PgUriTest {
    @Test
    void takesTheAddressApart() {
        PgUri uri = PgUri.parse("postgresql://ada:gehe%40im+1@db.example:6543/facts?sslmode=require");
        assertEquals(new PgUri("db.example", 6543, "facts", "ada", Optional.of("gehe@im+1"), "require"), uri);
        assertEquals("jdbc:postgresql://db.example:6543/facts?sslmode=require", uri.jdbcUrl());
    }

    @Test
    void hasTheMigrationsBelieveWhomTheMachineBelieves() {
        for (String mode : List.of("verify-ca", "verify-full")) {
            assertEquals(
                    "jdbc:postgresql://db:5432/facts?sslmode=" + mode
                            + "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
                    PgUri.parse("postgresql://ada@db/facts?sslmode=" + mode).jdbcUrl());
        }
    }

    @Test
    void fillsInPortAndSslMode() {
        PgUri uri = PgUri.parse("postgres://ada@[::1]/facts");
        assertEquals(new PgUri("[::1]", 5432, "facts", "ada", Optional.empty(), "prefer"), uri);
    }

    @Test
    void neverPrintsThePassword() {
        String text = PgUri.parse("postgresql://ada:geheim@db/facts").toString();
        assertEquals("postgresql://ada:****@db:5432/facts?sslmode=prefer", text);
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://ada:geheim@db/facts, scheme",
        "postgresql://db/facts, no user",
        "postgresql://ada:geheim@/facts, no ",
        "postgresql://ada:geheim@db, no database",
        "postgresql://ada:geheim@db/, no database",
        "postgresql://ada:geheim@db:70000/facts, port 70000",
        "postgresql://ada:geheim@db:0/facts, port 0",
        "postgresql://ada:geheim@db/a/b, more than one database",
        "postgresql://ada:geheim@db/facts?sslmode=maybe, sslmode maybe",
        "postgresql://ada:geheim@db/facts?ssl=true, parameter ssl",
        "postgresql://ada:geheim@one|two/facts, character",
        "postgresql://ada:ge heim@db/facts, not an address",
        "postgresql://ada:geheim@db/facts#x, %23",
        "geheim, scheme",
    })
    void refusesWithTheReason(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> PgUri.parse(text))
                .getMessage();
        assertTrue(message.contains(reason), message);
        assertFalse(message.contains("heim"), message);
    }
}
