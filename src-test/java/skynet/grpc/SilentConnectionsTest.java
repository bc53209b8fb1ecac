package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who says nothing is let go; who waits quietly, as callers may, is not. */
class SilentConnectionsTest {
    private static final Duration SILENT_MAX = Duration.ofSeconds(3);

    @Test
    void theSilentAreClosedAndThePatientAreKept() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Doors doors = Doors.withoutGenom(SILENT_MAX)) {
            Iterator<HealthCheckResponse> patient = ClientCalls.blockingServerStreamingCall(
                    doors.channel,
                    Doors.method(
                            "grpc.health.v1.Health/Watch",
                            false,
                            true,
                            HealthCheckRequest.getDefaultInstance(),
                            HealthCheckResponse.getDefaultInstance()),
                    CallOptions.DEFAULT.withDeadlineAfter(120, TimeUnit.SECONDS),
                    HealthCheckRequest.getDefaultInstance());
            assertEquals(ServingStatus.SERVING, patient.next().getStatus());
            for (String said : List.of(
                    "", "PRI * HT", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.grpcPort);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            long start = System.nanoTime();
            for (Socket socket : silent) {
                InputStream in = socket.getInputStream();
                in.readAllBytes();
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= SILENT_MAX.toMillis() / 2, millis + " ms");
            doors.vitals.drain();
            assertEquals(ServingStatus.NOT_SERVING, patient.next().getStatus());
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
