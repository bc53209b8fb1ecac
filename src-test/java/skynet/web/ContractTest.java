package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;

/** The contract and the front door name the same operations. */
class ContractTest {
    private final Vertx vertx = Vertx.vertx();
    private final WebVerticle web = Doors.on(new Bus(vertx, InstantSource.system()));

    @BeforeEach
    void open() throws Exception {
        vertx.deployVerticle(web).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void everyRouteIsInTheContractAndTheOtherWayRound() throws IOException {
        Set<String> served = web.routes().stream()
                .filter(route -> route.methods() != null && route.getPath() != null)
                .flatMap(route -> route.methods().stream().map(method -> method.name() + " " + template(route)))
                .collect(Collectors.toCollection(TreeSet::new));
        served.add("GET /openapi.yaml"); // A file among the pages.
        served.add("GET /eventbus/websocket"); // One of the paths of SockJS.
        assertEquals(named(Pages.read().contract().getJsonObject("paths")), served);
    }

    /** A comma in a text that is not quoted makes a field without a value of what follows it. */
    @Test
    void noFieldIsWithoutAValue() throws IOException {
        requireValues("contract", Pages.read().contract());
    }

    private static void requireValues(String place, Object value) {
        if (value instanceof JsonObject object) {
            for (String name : object.fieldNames()) {
                assertNotNull(object.getValue(name), place + "/" + name);
                requireValues(place + "/" + name, object.getValue(name));
            }
        } else if (value instanceof JsonArray list) {
            list.forEach(element -> requireValues(place + "/", element));
        }
    }

    private static Set<String> named(JsonObject paths) {
        Set<String> named = new TreeSet<>();
        for (String path : paths.fieldNames()) {
            paths.getJsonObject(path).fieldNames().stream()
                    .filter(method -> !method.equals("parameters"))
                    .forEach(method -> named.add(method.toUpperCase(Locale.ROOT) + " " + path));
        }
        return named;
    }

    private static String template(Route route) {
        String path = route.getPath().replaceAll(":([a-z]+)", "{$1}");
        return route.isExactPath() ? path : path + "{document}";
    }
}
