package skynet.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A browser without a window, driven over its DevTools protocol: pages stay open and are watched while things change. */
public final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final Process process;
    private WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> awaited = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** The browser's program, where there is one. */
    public static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the browser with a profile of its own in an empty folder. */
    public Chromium(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--window-size=1280,900",
                        "--lang=en-US",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path told = profile.resolve("DevToolsActivePort");
        waitFor(
                "the browser starts",
                () -> Files.exists(told) && Files.readAllLines(told).size() == 2);
        List<String> door = Files.readAllLines(told);
        WebSocketConnectOptions address = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(door.get(0)))
                .setURI(door.get(1));
        waitFor("the browser lets somebody in", () -> isIn(address));
    }

    /** Whether a socket opens: the browser tells its port before it speaks there. */
    private boolean isIn(WebSocketConnectOptions address) throws Exception {
        try {
            socket = vertx.createWebSocketClient(new WebSocketClientOptions()
                            .setMaxFrameSize(16 << 20)
                            .setMaxMessageSize(16 << 20))
                    .connect(address)
                    .onSuccess(opened -> opened.textMessageHandler(this::hear))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException early) {
            return false;
        }
    }

    /** Opens a page; what it asks for and complains about is noted from the first byte on. */
    public Page open(URI address) throws Exception {
        String target = call("", "Target.createTarget", new JsonObject().put("url", "about:blank"))
                .getString("targetId");
        String session = call(
                        "",
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        Page page = new Page(session);
        pages.put(session, page);
        for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
            call(session, domain + ".enable", new JsonObject());
        }
        call(session, "Page.navigate", new JsonObject().put("url", address.toString()));
        return page;
    }

    private JsonObject call(String session, String method, JsonObject params) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        awaited.put(id, answer);
        JsonObject call = new JsonObject().put("id", id).put("method", method).put("params", params);
        socket.writeTextMessage((session.isEmpty() ? call : call.put("sessionId", session)).encode());
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void hear(String text) {
        JsonObject message = new JsonObject(text);
        if (message.containsKey("id")) {
            CompletableFuture<JsonObject> answer = awaited.remove(message.getInteger("id"));
            if (message.containsKey("error")) {
                answer.completeExceptionally(
                        new IOException(message.getJsonObject("error").encode()));
            } else {
                answer.complete(message.getJsonObject("result"));
            }
        } else if (pages.containsKey(message.getString("sessionId", ""))) {
            pages.get(message.getString("sessionId"))
                    .note(message.getString("method"), message.getJsonObject("params"));
        }
    }

    private static void waitFor(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws Exception {
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        for (ProcessHandle helper : helpers) {
            helper.destroyForcibly();
            helper.onExit().get(10, TimeUnit.SECONDS);
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A state to wait for. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** One open page. */
    public final class Page {
        private final String session;
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final List<String> complaints = new CopyOnWriteArrayList<>();

        private Page(String session) {
            this.session = session;
        }

        /** Paths that were asked for by HTTP, in order; sockets by their path, too. */
        public List<String> requests() {
            return List.copyOf(requests);
        }

        /** What the page's console tells as errors, and what its scripts did not catch. */
        public List<String> complaints() {
            return List.copyOf(complaints);
        }

        /** The value of an expression on the page, as text. */
        public String value(String expression) throws Exception {
            JsonObject result = call(
                            session,
                            "Runtime.evaluate",
                            new JsonObject().put("expression", "String(" + expression + ")"))
                    .getJsonObject("result");
            return result.getString("value", result.encode());
        }

        /** Shows the page on a screen of another width, and for a system that is dark or light. */
        public void on(int width, boolean dark) throws Exception {
            call(
                    session,
                    "Emulation.setDeviceMetricsOverride",
                    new JsonObject()
                            .put("width", width)
                            .put("height", 800)
                            .put("deviceScaleFactor", 1)
                            .put("mobile", width < 600));
            call(
                    session,
                    "Emulation.setEmulatedMedia",
                    new JsonObject()
                            .put(
                                    "features",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("name", "prefers-color-scheme")
                                                    .put("value", dark ? "dark" : "light"))));
        }

        /** The words that an element shows; empty where there is none. */
        public String text(String selector) throws Exception {
            return value("document.querySelector('" + selector + "')?.innerText ?? ''");
        }

        /** Waits until an element shows these words. */
        public void awaitText(String selector, String words) throws Exception {
            await(selector + " shows \"" + words + "\"", () -> text(selector).contains(words));
        }

        /** Waits for a state; what it is called stands in the complaint when it does not come. */
        public void await(String what, Condition condition) throws Exception {
            try {
                waitFor(what, condition);
            } catch (AssertionError late) {
                throw new AssertionError(late.getMessage() + "\n" + text("main") + "\n" + complaints, late);
            }
        }

        /** Waits until something was asked for. */
        public void awaitRequest(String path) throws Exception {
            await(path + " is asked for", () -> requests.contains(path));
        }

        private void note(String event, JsonObject params) {
            switch (event) {
                case "Network.requestWillBeSent" ->
                    requests.add(URI.create(params.getJsonObject("request").getString("url"))
                            .getPath());
                case "Network.webSocketCreated" ->
                    requests.add(URI.create(params.getString("url")).getPath());
                case "Runtime.exceptionThrown" -> complaints.add(params.encode());
                case "Runtime.consoleAPICalled" -> complain(params.getString("type"), params);
                case "Log.entryAdded" -> complain(params.getJsonObject("entry").getString("level"), params);
                default -> {}
            }
        }

        private void complain(String level, JsonObject what) {
            if (level.equals("error") || level.equals("warning")) {
                complaints.add(what.encode());
            }
        }
    }
}
