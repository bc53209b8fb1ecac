package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings: which place wins, and what stops the start. */
final class SettingsTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    Path temporary;

    @Test
    void fallsBackToTheDefault() {
        Settings settings = Settings.read(NONE, Optional.empty(), NONE);
        assertEquals(8080, settings.number("http.port"));
        assertEquals("default", settings.source("http.port"));
    }

    @Test
    void letsTheFileWinOverTheDefault() throws Exception {
        Path file = file("http:\n  port: 1\n  allowed-hosts: [a.example, b.example]\n");
        Settings settings = Settings.read(NONE, Optional.of(file), NONE);
        assertEquals(1, settings.number("http.port"));
        assertEquals(List.of("a.example", "b.example"), settings.list("http.allowed-hosts"));
        assertEquals(file.toString(), settings.source("http.port"));
    }

    @Test
    void letsTheVariableWinOverTheFile() throws Exception {
        Settings settings =
                Settings.read(Map.of("SKYNET_HTTP_PORT", "2", "HOME", "/"), Optional.of(file("http.port: 1")), NONE);
        assertEquals(2, settings.number("http.port"));
        assertEquals("SKYNET_HTTP_PORT", settings.source("http.port"));
    }

    @Test
    void letsTheOptionWinOverEverything() throws Exception {
        Settings settings = Settings.read(
                Map.of("SKYNET_HTTP_PORT", "2"), Optional.of(file("http.port: 1")), Map.of("http.port", "3"));
        assertEquals(3, settings.number("http.port"));
        assertEquals("option", settings.source("http.port"));
    }

    @Test
    void findsTheFileInTheDataDirectory() throws Exception {
        file("node: {number: 7}");
        Settings settings = Settings.read(Map.of("SKYNET_DATA_DIR", temporary.toString()), Optional.empty(), NONE);
        assertEquals(7, settings.number("node.number"));
    }

    @Test
    void takesAnEmptyVariableAsNotSet() {
        Settings settings = Settings.read(Map.of("SKYNET_HTTP_PORT", ""), Optional.empty(), NONE);
        assertEquals("default", settings.source("http.port"));
    }

    @Test
    void stopsAtAnUnknownVariableWithTheNearestName() {
        StartFailure failure = assertThrows(
                StartFailure.class, () -> Settings.read(Map.of("SKYNET_HTP_PORT", "1"), Optional.empty(), NONE));
        assertEquals(ExitCode.BAD_SETTINGS, failure.exitCode());
        assertEquals("did you mean SKYNET_HTTP_PORT?", failure.fix());
    }

    @Test
    void stopsAtAnUnknownKeyInTheFileWithTheNearestName() throws Exception {
        Path file = file("htpp:\n  port: 1\n");
        StartFailure failure = assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.of(file), NONE));
        assertTrue(failure.getMessage().contains("htpp.port"), failure.getMessage());
        assertEquals("did you mean http.port?", failure.fix());
    }

    @Test
    void stopsAtAnUnknownOption() {
        StartFailure failure =
                assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.empty(), Map.of("http.prt", "1")));
        assertEquals("did you mean http.port?", failure.fix());
    }

    @Test
    void stopsAtAFileThatIsNoYamlOrNotThere() throws Exception {
        Path broken = file("http: [");
        assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.of(broken), NONE));
        Path twice = file("http.port: 1\nhttp.port: 2\n");
        assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.of(twice), NONE));
        Path absent = temporary.resolve("absent.yaml");
        assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.of(absent), NONE));
    }

    @Test
    void namesThePlaceOfAMistakeInTheYamlAndShowsNothingOfIt() throws Exception {
        for (String mistake : List.of(
                "pg: uri: postgresql://ada:geheim@db/facts",
                "pg:\n  uri: [postgresql://ada:geheim@db/facts",
                "pg:\n  uri: *postgresql://ada:geheim@db/facts",
                "pg:\n  uri: !geheim postgresql://ada:geheim@db/facts",
                "pg.uri: postgresql://ada:geheim@db/facts\npg.uri: postgresql://ada:geheim@db/facts",
                "postgresql://ada:geheim@db/facts: 1\npostgresql://ada:geheim@db/facts: 2",
                "pg:\n  uri: \"postgresql://ada:geheim\\q@db/facts\"",
                "pg:\n  uri: @geheim",
                "pg: &geheim {uri: postgresql://ada:geheim@db/facts}\nx: *geheim2",
                "a: {a: {a: {a: {a: {a: {a: {a: {a: {a: postgresql://ada:geheim@db/facts}}}}}}}}}}",
                "pg:\n  uri: postgresql://ada:geheim@db/facts\u0000")) {
            Path file = file(mistake);
            StartFailure failure =
                    assertThrows(StartFailure.class, () -> Settings.read(NONE, Optional.of(file), NONE), mistake);
            assertFalse(failure.getMessage().contains("geheim"), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
            assertNull(failure.getCause(), mistake);
        }
    }

    @Test
    void readsASecretFromTheFileThatItsVariableNames() throws Exception {
        Path secret = Files.writeString(temporary.resolve("uri"), "postgresql://u:geheim@db/facts\n");
        Settings settings = Settings.read(Map.of("SKYNET_PG_URI_FILE", secret.toString()), Optional.empty(), NONE);
        assertEquals("postgresql://u:geheim@db/facts", settings.text("pg.uri"));
        assertEquals("SKYNET_PG_URI_FILE", settings.source("pg.uri"));
    }

    @Test
    void refusesASecretGivenTwice() {
        Map<String, String> both = Map.of("SKYNET_PG_URI", "a", "SKYNET_PG_URI_FILE", "b");
        assertThrows(StartFailure.class, () -> Settings.read(both, Optional.empty(), NONE));
    }

    @Test
    void refusesAFileForWhatIsNoSecret() {
        Map<String, String> environment = Map.of("SKYNET_HTTP_PORT_FILE", "port");
        assertThrows(StartFailure.class, () -> Settings.read(environment, Optional.empty(), NONE));
    }

    @Test
    void refusesASecretOnTheCommandLine() {
        StartFailure failure = assertThrows(
                StartFailure.class,
                () -> Settings.read(NONE, Optional.empty(), Map.of("pg.uri", "postgresql://u:geheim@db/facts")));
        assertFalse(failure.getMessage().contains("geheim"), failure.getMessage());
    }

    @Test
    void masksSecretsWhenItDescribesItself() {
        String good = describe("postgresql://u:geheim@db/facts");
        assertTrue(good.contains("postgresql://u:****@db:5432/facts"), good);
        String bad = describe("postgresql://u:gehe im@db/facts");
        assertFalse(bad.contains("gehe"), bad);
    }

    @Test
    void namesKeyValueAndSourceOfAWrongValue() {
        Settings settings = Settings.read(Map.of("SKYNET_HTTP_PORT", "many"), Optional.empty(), NONE);
        StartFailure failure = assertThrows(StartFailure.class, () -> settings.number("http.port"));
        assertEquals("http.port: many (expected: a whole number), from SKYNET_HTTP_PORT", failure.getMessage());
    }

    private static String describe(String uri) {
        return Settings.read(Map.of("SKYNET_PG_URI", uri), Optional.empty(), NONE)
                .describe()
                .toString();
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(temporary.resolve("skynet.yaml"), yaml);
    }
}
