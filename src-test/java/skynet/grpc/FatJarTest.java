package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.kit.ExitCode;
import skynet.testkit.RunningNode;

/** gRPC as the fat JAR serves it, from its start to its end. */
class FatJarTest {
    @TempDir
    Path home;

    @Test
    void aNodePrintsWhereItAnswersAndTellsWatchersWhenItStops() throws Exception {
        RunningNode node = RunningNode.start(home.resolve("data"));
        ManagedChannel channel = Doors.channel(node.grpcPort());
        try {
            EncodeResponse answer = ClientCalls.blockingUnaryCall(
                    channel,
                    Doors.method(
                            "skynet.v1.Encoder/Encode",
                            false,
                            false,
                            EncodeRequest.getDefaultInstance(),
                            EncodeResponse.getDefaultInstance()),
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                    EncodeRequest.newBuilder().setText("Hello world").build());
            assertEquals(2, answer.getTokenCount());
            Iterator<HealthCheckResponse> health = ClientCalls.blockingServerStreamingCall(
                    channel,
                    Doors.method(
                            "grpc.health.v1.Health/Watch",
                            false,
                            true,
                            HealthCheckRequest.getDefaultInstance(),
                            HealthCheckResponse.getDefaultInstance()),
                    CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                    HealthCheckRequest.getDefaultInstance());
            assertEquals(ServingStatus.SERVING, health.next().getStatus());
            node.close();
            assertEquals(ServingStatus.NOT_SERVING, health.next().getStatus());
            assertFalse(health.hasNext());
        } finally {
            channel.shutdownNow();
            node.close();
        }
    }

    @Test
    void aTakenPortIsNamedBeforeAnythingIsMade() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path log = home.resolve("log");
            Process node = RunningNode.launch(
                    home.resolve("data"), log, Map.of("SKYNET_GRPC_PORT", Integer.toString(taken.getLocalPort())));
            assertTrue(node.waitFor(60, TimeUnit.SECONDS));
            String said = Files.readString(log);
            assertEquals(ExitCode.FAILED, node.exitValue(), said);
            assertTrue(said.contains("port: " + taken.getLocalPort() + " on 127.0.0.1 is taken"), said);
            assertTrue(said.contains("--grpc-port") && said.contains("SKYNET_GRPC_PORT"), said);
            assertFalse(Files.exists(home.resolve("data")));
        }
    }
}
