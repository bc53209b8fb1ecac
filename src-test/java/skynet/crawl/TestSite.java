package skynet.crawl;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A web site on loopback, whose pages the test changes, and which remembers what it was asked. */
final class TestSite implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Consumer<HttpServerRequest>> pages = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> agents = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    TestSite() throws Exception {
        this("127.0.0.1", 0);
    }

    TestSite(String host, int port) throws Exception {
        server = vertx.createHttpServer(new HttpServerOptions().setMaxInitialLineLength(16 << 10))
                .requestHandler(this::answer)
                .listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        asked.add(request.uri());
        agents.add(String.valueOf(request.getHeader("User-Agent")));
        Consumer<HttpServerRequest> page = pages.get(request.uri());
        if (page == null) {
            request.response().setStatusCode(404).end("none");
        } else {
            page.accept(request);
        }
    }

    int port() {
        return server.actualPort();
    }

    TestSite on(String uri, Consumer<HttpServerRequest> answer) {
        pages.put(uri, answer);
        return this;
    }

    /** A page of HTML. */
    TestSite html(String uri, String title, String body) {
        return on(uri, request -> request.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end("<html><head><title>" + title + "</title></head><body>" + body + "</body></html>"));
    }

    /** A page that knows whether it has changed. */
    TestSite tagged(String uri, String etag, String title, String body) {
        return on(uri, request -> {
            request.response().putHeader("ETag", etag);
            if (etag.equals(request.getHeader("If-None-Match"))) {
                request.response().setStatusCode(304).end();
            } else {
                request.response()
                        .putHeader("Content-Type", "text/html")
                        .end("<html><head><title>" + title + "</title></head><body>" + body + "</body></html>");
            }
        });
    }

    TestSite text(String uri, String type, String text) {
        return on(
                uri,
                request -> request.response().putHeader("Content-Type", type).end(text));
    }

    TestSite bytes(String uri, Map<String, String> headers, byte[] body) {
        return on(uri, request -> {
            headers.forEach(request.response()::putHeader);
            request.response().end(Buffer.buffer(body));
        });
    }

    TestSite redirect(String uri, int status, String location) {
        return on(uri, request -> request.response()
                .setStatusCode(status)
                .putHeader("Location", location)
                .end());
    }

    TestSite without(String uri) {
        pages.remove(uri);
        return this;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Every address that was asked for, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    List<String> agents() {
        return List.copyOf(agents);
    }

    void forgetAsked() {
        asked.clear();
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
