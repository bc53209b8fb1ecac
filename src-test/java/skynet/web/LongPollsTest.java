package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.bus.Role;
import skynet.testkit.Known;

/** Requests that wait for a message, before an inbox in which nothing is. */
class LongPollsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final Semaphore looks = new Semaphore(0);
    private final AtomicInteger awaited = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private WebVerticle web;

    @BeforeEach
    void open() throws Exception {
        await(bus.serve(
                Auth.Identify.class,
                shown -> Future.succeededFuture(new Auth.Identified(Known.principal(Role.ADMIN, shown.token())))));
        await(bus.serve(Messages.Inbox.class, ask -> {
            looks.release();
            return Future.succeededFuture(new Messages.Page(List.of(), 0));
        }));
        web = Doors.on(bus);
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whoWaitsTakesNoPlaceFromOtherRequests() throws Exception {
        roomThatWaits();
        int all = FrontDoor.INSIDE_MAX + 20;
        for (int i = 0; i < all; i++) {
            poll("user" + i / LongPolls.OF_ONE_CALLER_MAX, 30);
        }
        assertTrue(looks.tryAcquire(all, 30, TimeUnit.SECONDS), "not all were let in");
        assertEquals(200, poll("another", 0).get(10, TimeUnit.SECONDS).statusCode());
        assertTrue(awaited.get() <= MessageRoutes.AWAITING_MAX, "asks in flight: " + awaited);
    }

    @Test
    void oneCallerMayNotWaitWithoutBound() throws Exception {
        roomThatWaits();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < LongPolls.OF_ONE_CALLER_MAX; i++) {
            waiting.add(poll("greedy", 30));
        }
        assertTrue(looks.tryAcquire(waiting.size(), 30, TimeUnit.SECONDS), "not all were let in");
        HttpResponse<String> refused = poll("greedy", 30).get(10, TimeUnit.SECONDS);
        assertEquals(429, refused.statusCode(), refused.body());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        assertEquals(200, poll("greedy", 0).get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(200, poll("modest", 1).get(10, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whereTheRoomIsTooBusyToTellWhoWaitsWaitsByTheClock() throws Exception {
        await(bus.serve(Messages.Await.class, ask -> Future.failedFuture(new Fault(Fault.Kind.BUSY, "full"))));
        long begun = System.nanoTime();
        HttpResponse<String> page = poll("user", 1).get(10, TimeUnit.SECONDS);
        assertEquals(200, page.statusCode(), page.body());
        assertTrue(new JsonObject(page.body()).getJsonArray("messages").isEmpty());
        assertTrue(System.nanoTime() - begun > 900_000_000L, "answered at once");
    }

    @Test
    void aPlaceIsGivenBack() {
        LongPolls polls = new LongPolls();
        Runnable place = polls.enter(Known.principal(Role.USER, "a"));
        for (int i = 1; i < LongPolls.OF_ONE_CALLER_MAX; i++) {
            polls.enter(Known.principal(Role.USER, "a"));
        }
        assertThrows(Fault.class, () -> polls.enter(Known.principal(Role.USER, "a")));
        place.run();
        polls.enter(Known.principal(Role.USER, "a"));
        assertThrows(Fault.class, () -> polls.enter(Known.principal(Role.USER, "a")));
    }

    private void roomThatWaits() throws Exception {
        await(bus.serve(Messages.Await.class, ask -> {
            awaited.incrementAndGet();
            Promise<Messages.Awaited> told = Promise.promise();
            vertx.setTimer(ask.millis(), passed -> told.complete(new Messages.Awaited(false)));
            return told.future().onComplete(done -> awaited.decrementAndGet());
        }));
    }

    private CompletableFuture<HttpResponse<String>> poll(String token, int wait) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/v1/messages/inbox?wait=" + wait))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
