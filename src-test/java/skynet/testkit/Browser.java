package skynet.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One page in a real Chromium without a window, led by its own debugging protocol. */
public final class Browser implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 40;

    private final Process process;
    private final WebSocket line;
    private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>();
    private int asked;

    /** Where Chromium is, if it is on the path. */
    public static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a browser with a profile of its own in a directory. */
    public Browser(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(profile.getParent(), "browser", ".log")
                        .toFile())
                .start();
        Path ready = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(ready) || Files.readAllLines(ready).size() < 2) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("no browser");
            }
            Thread.sleep(50);
        }
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> pages = http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + Files.readAllLines(ready).get(0) + "/json/list"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonObject page = new JsonArray(pages.body())
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(one -> one.getString("type").equals("page"))
                        .findFirst()
                        .orElseThrow();
        line = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.getString("webSocketDebuggerUrl")), new Ear())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Goes to an address and waits until the page's scripts have run. */
    public void open(URI address) throws Exception {
        ask("Page.navigate", new JsonObject().put("url", address.toString()));
        await("location.href === '" + address + "' && document.readyState === 'complete'");
    }

    /** Evaluates a script until what it says is true. */
    public void await(String script) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Boolean.TRUE.equals(run("Boolean(" + script + ")"))) {
            if (System.nanoTime() > end) {
                throw new IOException("never true: " + script + " on "
                        + String.valueOf(run("document.body.innerText")).replace('\n', ' '));
            }
            Thread.sleep(50);
        }
    }

    /** Types a text into a field, once it is shown. */
    public void type(String field, String text) throws Exception {
        await("document.querySelector('" + field + "')?.checkVisibility()");
        run("(() => { const field = document.querySelector('" + field + "'); field.value = "
                + new JsonArray().add(text).encode() + "[0]; })()");
    }

    /** Clicks on something, once it is shown. */
    public void click(String button) throws Exception {
        await("document.querySelector('" + button + "')?.checkVisibility()");
        run("document.querySelector('" + button + "').click()");
    }

    /** What a script says. */
    public Object run(String script) throws Exception {
        JsonObject answer = ask(
                "Runtime.evaluate", new JsonObject().put("expression", script).put("returnByValue", true));
        return answer.getJsonObject("result", new JsonObject())
                .getJsonObject("result", new JsonObject())
                .getValue("value");
    }

    private JsonObject ask(String method, JsonObject parameters) throws Exception {
        int id = ++asked;
        line.sendText(
                        new JsonObject()
                                .put("id", id)
                                .put("method", method)
                                .put("params", parameters)
                                .encode(),
                        true)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (true) {
            JsonObject answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException(method + ": no answer");
            }
            if (answer.getInteger("id", 0) == id) {
                return answer;
            }
        }
    }

    @Override
    public void close() throws Exception {
        line.abort();
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Hears the protocol; a message may come in parts. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder heard = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            heard.append(part);
            if (last) {
                answers.add(new JsonObject(heard.toString()));
                heard.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
