package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.NodeClass;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.grpc.v1.AckRequest;
import skynet.grpc.v1.AckResponse;
import skynet.grpc.v1.Compute;
import skynet.grpc.v1.HandshakeRequest;
import skynet.grpc.v1.HandshakeResponse;
import skynet.grpc.v1.HeartbeatRequest;
import skynet.grpc.v1.HeartbeatResponse;
import skynet.grpc.v1.InboxMessage;
import skynet.grpc.v1.InboxRequest;
import skynet.grpc.v1.InboxResponse;
import skynet.grpc.v1.ListRequest;
import skynet.grpc.v1.ListResponse;
import skynet.grpc.v1.PublicKeys;
import skynet.grpc.v1.RegisterRequest;
import skynet.grpc.v1.RegisterResponse;
import skynet.grpc.v1.SendRequest;
import skynet.grpc.v1.SendResponse;
import skynet.grpc.v1.SubscribeRequest;
import skynet.swarm.Applicant;
import skynet.testkit.RunningNode;

/** Light nodes over gRPC with grpc-java, against the fat JAR. */
@Timeout(300)
class SwarmJourneyTest {
    @TempDir
    static Path home;

    private static RunningNode node;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
        channel = Doors.channel(node.grpcPort());
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        node.close();
    }

    @Test
    void aNodeRegistersBeatsInAStreamAndIsListed() throws Exception {
        RegisterResponse one = register();
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        StreamObserver<HeartbeatRequest> beats = ClientCalls.asyncBidiStreamingCall(
                as(one.getToken())
                        .newCall(
                                Doors.method(
                                        "skynet.v1.Swarm/Heartbeat",
                                        true,
                                        true,
                                        HeartbeatRequest.getDefaultInstance(),
                                        HeartbeatResponse.getDefaultInstance()),
                                CallOptions.DEFAULT),
                into(answers));
        for (int load = 1; load <= 3; load++) {
            beats.onNext(HeartbeatRequest.newBuilder().setLoadPercent(load).build());
            HeartbeatResponse beaten = (HeartbeatResponse) answers.poll(20, TimeUnit.SECONDS);
            assertEquals(load == 1, beaten.getAdmitted(), "only the first one came in time");
            assertTrue(beaten.getNextMillis() >= 30_000);
        }
        ListResponse list = ask(
                channel,
                "skynet.v1.Swarm/List",
                ListRequest.newBuilder().setAfter(one.getNode() - 1).setLimit(1).build(),
                ListResponse.getDefaultInstance());
        assertEquals("live", list.getNodes(0).getState());
        assertEquals(1, list.getNodes(0).getLoadPercent());
        assertEquals("NOD1", list.getHub());
        node.send(node.asOwner("/v1/nodes/NOD" + one.getNode()).method("DELETE", HttpRequest.BodyPublishers.noBody()));
        beats.onNext(HeartbeatRequest.getDefaultInstance());
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                Status.fromThrowable((Throwable) answers.poll(20, TimeUnit.SECONDS))
                        .getCode());
    }

    @Test
    void whoMayComputeIsListedAsOverRest() throws Exception {
        RegisterResponse granted = register(Nodes.Mode.COMPUTE);
        RegisterResponse other = register(Nodes.Mode.COMPUTE);
        node.send(node.asOwner("/v1/swarm/NOD" + granted.getNode() + "/grants/compute")
                .method("PUT", HttpRequest.BodyPublishers.noBody()));
        ListRequest page = ListRequest.newBuilder()
                .setAfter(granted.getNode() - 1)
                .setLimit(other.getNode() - granted.getNode() + 1)
                .build();
        ListResponse list = ask(channel, "skynet.v1.Swarm/List", page, ListResponse.getDefaultInstance());
        JsonObject rest = new JsonObject(
                node.send(node.asOwner("/v1/swarm/NOD" + granted.getNode()).GET())
                        .body());
        Compute compute = list.getNodes(0).getCompute();
        assertTrue(compute.getGranted());
        assertEquals(
                rest.getJsonObject("compute"),
                new JsonObject()
                        .put("granted", compute.getGranted())
                        .put("strikes", compute.getStrikes())
                        .put("strike", compute.getStrike().isEmpty() ? null : compute.getStrike())
                        .put("stopped", false)
                        .put("at", compute.getHome().isEmpty() ? null : compute.getHome())
                        .put("slots", compute.getSlots())
                        .put("busy", compute.getBusy())
                        .put("done", (int) compute.getDone()));
        assertFalse(list.getNodes(list.getNodesCount() - 1).hasCompute());
    }

    @Test
    void aMessageArrivesByStream() throws Exception {
        RegisterResponse sender = register();
        RegisterResponse receiver = register();
        Iterator<InboxMessage> arriving = ClientCalls.blockingServerStreamingCall(
                as(receiver.getToken()),
                Doors.method(
                        "skynet.v1.Messaging/Subscribe",
                        false,
                        true,
                        SubscribeRequest.getDefaultInstance(),
                        InboxMessage.getDefaultInstance()),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                SubscribeRequest.getDefaultInstance());
        for (int i = 0; i < 3; i++) {
            ByteString body = ByteString.copyFromUtf8("sealed " + i);
            SendRequest letter = SendRequest.newBuilder()
                    .setTo("NOD" + receiver.getNode())
                    .setId(UUID.randomUUID().toString())
                    .setBody(body)
                    .build();
            SendResponse sent =
                    ask(as(sender.getToken()), "skynet.v1.Messaging/Send", letter, SendResponse.getDefaultInstance());
            InboxMessage message = arriving.next();
            assertEquals(body, message.getBody());
            assertEquals("NOD" + sender.getNode(), message.getFrom());
            assertEquals(sent.getMessage(), message.getMessage());
            assertFalse(ask(
                            as(receiver.getToken()),
                            "skynet.v1.Messaging/Ack",
                            AckRequest.newBuilder()
                                    .setMessage(sent.getMessage())
                                    .build(),
                            AckResponse.getDefaultInstance())
                    .getAgain());
        }
        assertEquals(
                0,
                ask(
                                as(receiver.getToken()),
                                "skynet.v1.Messaging/Inbox",
                                InboxRequest.getDefaultInstance(),
                                InboxResponse.getDefaultInstance())
                        .getMessagesCount());
    }

    @Test
    void whatIsNoneIsRefusedByName() {
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                codeOf(() -> ask(
                        channel,
                        "skynet.v1.Messaging/Inbox",
                        InboxRequest.getDefaultInstance(),
                        InboxResponse.getDefaultInstance())));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                codeOf(() -> ask(
                        channel,
                        "skynet.v1.Swarm/Handshake",
                        HandshakeRequest.getDefaultInstance(),
                        HandshakeResponse.getDefaultInstance())));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                codeOf(() -> ask(
                        channel,
                        "skynet.v1.Swarm/Handshake",
                        HandshakeRequest.newBuilder()
                                .setHello(ByteString.copyFromUtf8("none"))
                                .build(),
                        HandshakeResponse.getDefaultInstance())));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                codeOf(() -> ask(
                        channel,
                        "skynet.v1.Swarm/Register",
                        RegisterRequest.getDefaultInstance(),
                        RegisterResponse.getDefaultInstance())));
    }

    private static RegisterResponse register() throws Exception {
        return register(Nodes.Mode.RELAY);
    }

    private static RegisterResponse register(Nodes.Mode mode) throws Exception {
        Nodes.Register asked = new Applicant(true)
                .ask(Principal.GUEST, "127.0.0.1", NodeClass.D, mode, "", System.currentTimeMillis() / 1_000);
        return ask(
                channel,
                "skynet.v1.Swarm/Register",
                RegisterRequest.newBuilder()
                        .setKind("D")
                        .setMode(mode.text())
                        .setKeys(PublicKeys.newBuilder()
                                .setEd25519(bytes(asked.keys().ed25519()))
                                .setMlDsa65(bytes(asked.keys().mlDsa65()))
                                .setXWing(bytes(asked.keys().xWing())))
                        .setTimeSeconds(asked.timeSeconds())
                        .setNonce(bytes(asked.nonce()))
                        .setSignature(bytes(asked.signature()))
                        .setMlDsaSignature(bytes(asked.mlDsaSignature()))
                        .build(),
                RegisterResponse.getDefaultInstance());
    }

    private static <Q extends MessageLite, A extends MessageLite> A ask(
            Channel through, String method, Q question, A shape) {
        @SuppressWarnings("unchecked")
        Q type = (Q) question.getDefaultInstanceForType();
        return ClientCalls.blockingUnaryCall(
                through,
                Doors.method(method, false, false, type, shape),
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                question);
    }

    private static Channel as(String token) {
        Metadata shown = new Metadata();
        shown.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(shown));
    }

    private static Status.Code codeOf(Runnable call) {
        return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
    }

    private static StreamObserver<HeartbeatResponse> into(BlockingQueue<Object> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(HeartbeatResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failure) {
                answers.add(failure);
            }

            @Override
            public void onCompleted() {
                answers.add("completed");
            }
        };
    }

    private static ByteString bytes(String base64) {
        return ByteString.copyFrom(Base64.getUrlDecoder().decode(base64));
    }
}
