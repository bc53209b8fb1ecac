package skynet.grpc;

import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import skynet.kit.Vitals;

/**
 * {@code grpc.health.v1.Health}: whether this node serves, as a whole ("") and by service. A node that is stopping does
 * not, and says so to those who watch before it closes.
 */
final class Health {
    private static final String WHOLE = "";

    private final Vitals vitals;
    private final Map<String, String> checks;
    private final Map<Call, Watched> watchers = new LinkedHashMap<>();
    private boolean stopping;

    /** What a watcher watches, and what it was told last. */
    private static final class Watched {
        private final String service;
        private ServingStatus told;

        Watched(String service) {
            this.service = service;
        }
    }

    /** Services by the vital sign without which they cannot serve. */
    Health(Vitals vitals, Map<String, String> checks) {
        this.vitals = vitals;
        this.checks = Map.copyOf(checks);
    }

    Map<String, Consumer<Call>> answerers() {
        return Map.of(
                "Check", new Unary<>(HealthCheckRequest.parser(), (ask, deadline) -> check(ask.getService())),
                "List", new Unary<>(HealthListRequest.parser(), (ask, deadline) -> list()),
                "Watch", this::watch);
    }

    /** Looks again, and tells those who watch what has changed. */
    void look() {
        watchers.keySet().removeIf(Call::over);
        if (!watchers.isEmpty()) {
            vitals.examine().onSuccess(this::tell);
        }
    }

    /** Nothing is served from now on; whoever watches is told, and the watch ends. */
    void stop() {
        stopping = true;
        watchers.forEach((call, watched) -> {
            tell(call, watched, ServingStatus.NOT_SERVING);
            call.end();
        });
        watchers.clear();
    }

    private Future<HealthCheckResponse> check(String service) {
        return vitals.examine().map(report -> {
            ServingStatus status = statusOf(service, report);
            if (status == ServingStatus.SERVICE_UNKNOWN) {
                throw new Refusal(GrpcStatus.NOT_FOUND, "service: unknown (expected: empty or one of " + names() + ")");
            }
            return HealthCheckResponse.newBuilder().setStatus(status).build();
        });
    }

    private Future<HealthListResponse> list() {
        return vitals.examine().map(report -> {
            HealthListResponse.Builder answer = HealthListResponse.newBuilder();
            for (String service : names()) {
                answer.putStatuses(
                        service,
                        HealthCheckResponse.newBuilder()
                                .setStatus(statusOf(service, report))
                                .build());
            }
            return answer.build();
        });
    }

    private void watch(Call call) {
        call.request().messageHandler(message -> {
            if (call.over() || call.heard()) {
                return;
            }
            try {
                watchers.put(
                        call,
                        new Watched(
                                call.read(message, HealthCheckRequest.parser()).getService()));
                vitals.examine().onSuccess(this::tell).onFailure(call::refuse);
            } catch (RuntimeException e) {
                call.refuse(e);
            }
        });
    }

    private void tell(Vitals.Report report) {
        watchers.forEach((call, watched) -> tell(call, watched, statusOf(watched.service, report)));
    }

    private static void tell(Call call, Watched watched, ServingStatus status) {
        call.touch();
        if (watched.told != status && !call.over() && !call.response().writeQueueFull()) {
            watched.told = status;
            call.write(HealthCheckResponse.newBuilder().setStatus(status).build());
        }
    }

    private ServingStatus statusOf(String service, Vitals.Report report) {
        if (!names().contains(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        boolean up = service.equals(WHOLE) ? report.up() : up(checks.get(service), report);
        return up && !stopping && !vitals.draining() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static boolean up(String check, Vitals.Report report) {
        return report.checks().containsKey(check)
                && "UP".equals(report.checks().get(check).getString("status"));
    }

    private List<String> names() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(WHOLE),
                        checks.keySet().stream().sorted())
                .toList();
    }
}
