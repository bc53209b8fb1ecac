package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.Browser;
import skynet.testkit.RunningNode;

/** A newcomer and a node from the fat JAR that logs all it can: the administrator, a key, and what is left in the log. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstAdministratorTest {
    private static final String PASSWORD = "canary of four words";

    @TempDir
    static Path home;

    private static RunningNode node;
    private static final List<String> secrets = new ArrayList<>(List.of(PASSWORD));

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(
                home.resolve("data"), Map.of("SKYNET_LOG_LEVEL", "trace", "SKYNET_LOG_FORMAT", "json"));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    @Order(1)
    void aNewcomerSetsUpTheAdministratorInTheBrowserAndUsesAKeyUntilItIsRevoked() throws Exception {
        Path program = Browser.installed().orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        try (Browser browser = new Browser(program, home.resolve("profile"))) {
            browser.open(node.address().resolve("/setup"));
            browser.type("[name=token]", setupToken());
            browser.type("[name=email]", "ann@example.org");
            browser.type("[name=password]", PASSWORD);
            browser.click("#make button");
            browser.type("sky-factor [name=current]", PASSWORD);
            browser.click("sky-factor button");
            browser.await("document.querySelector('.qr')?.naturalWidth > 0");
            String secret = String.valueOf(browser.run("document.querySelector('.once').textContent"));
            secrets.add(secret);
            browser.type("sky-factor [name=code]", codeOf(secret));
            browser.click("sky-factor [type=submit]");
            browser.await("document.querySelectorAll('.codes li').length === 10");
            secrets.add(String.valueOf(browser.run("document.querySelector('.codes li').textContent")));
            browser.click("sky-factor button");
            browser.click("#done a");
            browser.type("#make [name=name]", "a script");
            browser.click("[value=\"metrics:read\"]");
            browser.click("#make [type=submit]");
            browser.await("document.querySelector('#key')");
            String key = String.valueOf(browser.run("document.querySelector('#key').textContent"));
            secrets.add(key);
            assertEquals(200, metrics(key));
            browser.click("#keys button");
            browser.await("document.querySelector('#keys').textContent.includes('No keys yet')");
            assertEquals(401, metrics(key));
            appointsAndDismisses(browser);
        }
    }

    /** On the page for it, within five minutes of the second factor. */
    private static void appointsAndDismisses(Browser browser) throws Exception {
        JsonObject cleo = new JsonObject().put("email", "cleo@example.org").put("password", PASSWORD);
        String token =
                new JsonObject(node.post("/api/auth/register", cleo.encode()).body()).getString("access_token");
        secrets.add(token);
        assertEquals(403, metrics(token));
        node.post(
                "/api/auth/reset",
                new JsonObject().put("email", "cleo@example.org").encode());
        browser.open(node.address().resolve("/account"));
        browser.await("document.querySelector('#who a.button')");
        browser.click("#who a.button");
        browser.await("document.querySelectorAll('#people li').length === 2");
        assertEquals(true, browser.run("document.querySelector('[aria-label=\"Role of ann@example.org\"]').disabled"));
        browser.run("const role = document.querySelector('[aria-label=\"Role of cleo@example.org\"]');"
                + "role.value = 'operator'; role.dispatchEvent(new Event('change'))");
        browser.await("document.querySelector('[aria-label=\"Role of cleo@example.org\"]').value === 'operator'");
        assertEquals(200, metrics(token));
        browser.click("#mails button");
        browser.await("document.querySelector('#mails').textContent.includes('cleo@example.org')");
        browser.run("document.querySelector('#people li:last-child button:last-child').click()");
        browser.await("document.querySelector('dialog')?.textContent.includes('Switch cleo@example.org off?')");
        browser.click("dialog .grave");
        browser.await("document.querySelector('#people').textContent.includes('switched off')");
        assertEquals(401, metrics(token));
    }

    @Test
    @Order(2)
    void noSecretIsInTheLogAlsoNotWhenItIsRefused() throws Exception {
        JsonObject ben = new JsonObject().put("email", "ben@example.org").put("password", PASSWORD);
        JsonObject tokens =
                new JsonObject(node.post("/api/auth/register", ben.encode()).body());
        secrets.add(tokens.getString("access_token"));
        secrets.add(tokens.getString("refresh_token"));
        node.post("/api/auth/login", ben.copy().put("password", PASSWORD + "!").encode());
        node.post(
                "/api/auth/login",
                ben.copy().put("code", new JsonArray().add(PASSWORD)).encode());
        node.post("/api/auth/login", "{\"email\":\"" + PASSWORD + "\",\"password\":\"" + PASSWORD + "\"}");
        node.post("/api/auth/login", "{\"" + PASSWORD + "\":1");
        node.post("/api/auth/refresh", tokens.copy().encode());
        HttpResponse<String> made =
                node.send(HttpRequest.newBuilder(node.address().resolve("/api/keys"))
                        .header("Authorization", "Bearer " + tokens.getString("access_token"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"a\",\"scopes\":[\"genom:read\"]}")));
        secrets.add(new JsonObject(made.body()).getString("key"));
        metrics(secrets.get(secrets.size() - 1) + "x");
        node.post(
                "/api/auth/reset",
                new JsonObject().put("email", "ben@example.org").encode());
        String log = node.log();
        assertTrue(log.contains("is ready"), log);
        for (String secret : secrets) {
            assertFalse(log.contains(secret), () -> "in the log: " + secret.substring(0, 4) + "…");
        }
    }

    private static int metrics(String key) throws Exception {
        return node.send(HttpRequest.newBuilder(node.address().resolve("/metrics"))
                        .header("Authorization", "Bearer " + key))
                .statusCode();
    }

    /** The token stands on a line of its own, whatever the form of the log. */
    private static String setupToken() throws Exception {
        return node.log()
                .lines()
                .filter(line -> line.startsWith("setup token: "))
                .map(line -> line.substring("setup token: ".length()))
                .findFirst()
                .orElseThrow();
    }

    private static String codeOf(String secret) {
        long step = System.currentTimeMillis() / 1_000 / TimeCode.STEP_SECONDS;
        return TimeCode.code(AuthDoorTest.base32(secret), step, 6);
    }
}
