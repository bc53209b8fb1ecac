package skynet.cascade;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A reader of server-sent events as a page is one: puts the text together, and takes back what a seam voids. */
final class EventReader implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One event. */
    record Event(String name, String at, JsonObject data) {
        long seq() {
            return Long.parseLong(at.substring(at.indexOf('.') + 1));
        }
    }

    private final CompletableFuture<HttpResponse<InputStream>> response;
    private final List<Event> events = new ArrayList<>();
    private final List<Event> pieces;
    private int voided;
    private boolean ended;

    private EventReader(CompletableFuture<HttpResponse<InputStream>> response, List<Event> before) {
        this.response = response;
        this.pieces = new ArrayList<>(before);
        Thread reader = new Thread(this::read, "events");
        reader.setDaemon(true);
        reader.start();
    }

    static EventReader ask(URI url, JsonObject question, String... headers) throws Exception {
        return new EventReader(send(question(url, question), headers), List.of());
    }

    /** The same where the response begins when something is known of its answer: it is not waited for. */
    static EventReader later(URI url, JsonObject question) {
        return new EventReader(
                HTTP.sendAsync(question(url, question).build(), HttpResponse.BodyHandlers.ofInputStream()), List.of());
    }

    private static HttpRequest.Builder question(URI url, JsonObject question) {
        return HttpRequest.newBuilder(url)
                .header("Accept", "text/event-stream")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.encode()));
    }

    /** Reads on where another reader stopped, as the same client on another connection. */
    EventReader resume(URI url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Last-Event-ID", last());
        return new EventReader(send(request, headers), pieces());
    }

    static EventReader fromStart(URI url, String... headers) throws Exception {
        return new EventReader(send(HttpRequest.newBuilder(url), headers), List.of());
    }

    private static CompletableFuture<HttpResponse<InputStream>> send(HttpRequest.Builder request, String... headers)
            throws Exception {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CompletableFuture.completedFuture(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.join().statusCode();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.join().body(), StandardCharsets.UTF_8))) {
            String id = "";
            String name = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.equals("data: [DONE]")) {
                    add(new Event("done", "", new JsonObject()));
                } else if (line.startsWith("data: ")) {
                    add(new Event(name, id, new JsonObject(line.substring(6))));
                    id = "";
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The connection is cut.
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    private synchronized void add(Event event) {
        events.add(event);
        if (event.name().equals("seam")) {
            int before = pieces.size();
            pieces.removeIf(piece -> piece.seq() >= event.data().getLong("from"));
            voided += before - pieces.size();
        }
        if (!event.at().isEmpty()) {
            pieces.add(event);
        }
        notifyAll();
    }

    /** Waits until something is so. */
    synchronized void await(String what, long seconds, BooleanSupplier state) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!state.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || (ended && !state.getAsBoolean())) {
                throw new AssertionError(what + ": not so after " + seconds + " s, ended " + ended + ", last events "
                        + events.subList(Math.max(0, events.size() - 5), events.size()));
            }
            wait(Math.min(left, 200));
        }
    }

    void awaitWords(int count) throws InterruptedException {
        await(count + " words", 60, () -> text().split(" ").length >= count);
    }

    Event awaitLast() throws InterruptedException {
        await("the last event", 90, this::isOver);
        return last(events);
    }

    private boolean isOver() {
        return !events.isEmpty()
                && (last(events).name().equals("done") || last(events).name().equals("error"));
    }

    synchronized List<Event> events(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    synchronized List<Event> pieces() {
        return List.copyOf(pieces);
    }

    synchronized int voided() {
        return voided;
    }

    synchronized String text() {
        return pieces.stream()
                .filter(piece -> piece.name().equals("delta"))
                .map(piece -> piece.data().getString("text"))
                .collect(Collectors.joining());
    }

    /** The id of the last event. */
    synchronized String last() {
        return last(pieces).at();
    }

    private static Event last(List<Event> list) {
        return list.get(list.size() - 1);
    }

    JsonObject begun() throws InterruptedException {
        await("begun", 20, () -> !events("begun").isEmpty());
        return events("begun").get(0).data();
    }

    @Override
    public void close() throws IOException {
        if (response.isDone()) {
            response.join().body().close();
        }
    }
}
