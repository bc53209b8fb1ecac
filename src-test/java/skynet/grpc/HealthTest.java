package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code grpc.health.v1}: what probes and load balancers see of a node that works, ails and stops. */
class HealthTest {
    private final AtomicBoolean dictionary = new AtomicBoolean(true);
    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.withoutGenom();
        doors.vitals.check(
                "dictionary",
                () -> dictionary.get()
                        ? Future.succeededFuture(new JsonObject())
                        : Future.failedFuture("the table is gone"));
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void aWellNodeServesAsAWholeAndByService() {
        for (String service : new String[] {"", "skynet.v1.Encoder", "skynet.v1.Dictionary"}) {
            assertEquals(ServingStatus.SERVING, check(service), service);
        }
    }

    @Test
    void anUnknownServiceIsNotFound() {
        StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> check("skynet.v1.Nothing"));
        assertEquals(Status.Code.NOT_FOUND, refusal.getStatus().getCode());
        assertEquals(
                ServingStatus.SERVICE_UNKNOWN, watch("skynet.v1.Nothing").next().getStatus());
    }

    @Test
    void aNodeThatDrainsDoesNotServeAnyMore() {
        doors.vitals.drain();
        for (String service : new String[] {"", "skynet.v1.Encoder", "skynet.v1.Dictionary"}) {
            assertEquals(ServingStatus.NOT_SERVING, check(service), service);
        }
    }

    @Test
    void aWatcherIsToldOfEachChangeAndOnlyOfChanges() {
        Iterator<HealthCheckResponse> watched = watch("skynet.v1.Encoder");
        assertEquals(ServingStatus.SERVING, watched.next().getStatus());
        dictionary.set(false);
        assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
        dictionary.set(true);
        assertEquals(ServingStatus.SERVING, watched.next().getStatus());
        doors.vitals.drain();
        assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
    }

    @Test
    void aWatcherIsToldWhenTheRoomCloses() throws Exception {
        Iterator<HealthCheckResponse> watched = watch("");
        assertEquals(ServingStatus.SERVING, watched.next().getStatus());
        Future<Void> closing = doors.closeRoom();
        assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
        assertFalse(watched.hasNext());
        Doors.await(closing);
    }

    @Test
    void allAreListed() {
        HealthListResponse list = doors.ask(
                "grpc.health.v1.Health/List",
                HealthListRequest.getDefaultInstance(),
                HealthListResponse.getDefaultInstance());
        Map<String, ServingStatus> statuses = list.getStatusesMap().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().getStatus()));
        assertEquals(
                Map.of(
                        "", ServingStatus.SERVING,
                        "skynet.v1.Encoder", ServingStatus.SERVING,
                        "skynet.v1.Dictionary", ServingStatus.SERVING),
                statuses);
    }

    private ServingStatus check(String service) {
        return doors.ask(
                        "grpc.health.v1.Health/Check",
                        HealthCheckRequest.newBuilder().setService(service).build(),
                        HealthCheckResponse.getDefaultInstance())
                .getStatus();
    }

    private Iterator<HealthCheckResponse> watch(String service) {
        return ClientCalls.blockingServerStreamingCall(
                doors.channel,
                Doors.method(
                        "grpc.health.v1.Health/Watch",
                        false,
                        true,
                        HealthCheckRequest.getDefaultInstance(),
                        HealthCheckResponse.getDefaultInstance()),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                HealthCheckRequest.newBuilder().setService(service).build());
    }
}
