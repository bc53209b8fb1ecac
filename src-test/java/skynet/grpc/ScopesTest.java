package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.testkit.Known;

/** Who may call what over gRPC: the same as over REST. */
class ScopesTest {
    /** Each method of ours and the operation of the contract that does the same. */
    private static final Map<String, String> TWINS = new TreeMap<>(Map.ofEntries(
            Map.entry("/skynet.v1.Encoder/Encode", "post /v1/encode"),
            Map.entry("/skynet.v1.Encoder/Decode", "post /v1/decode"),
            Map.entry("/skynet.v1.Encoder/EncodeStream", "post /v1/encode/batch"),
            Map.entry("/skynet.v1.Dictionary/Lookup", "get /v1/lookup"),
            Map.entry("/skynet.v1.Dictionary/Search", "get /v1/dictionary"),
            Map.entry("/skynet.v1.Dictionary/Stats", "get /v1/stats"),
            Map.entry("/skynet.v1.Swarm/Register", "post /v1/nodes/register"),
            Map.entry("/skynet.v1.Swarm/Handshake", "post /v1/handshake"),
            Map.entry("/skynet.v1.Swarm/Heartbeat", "post /v1/heartbeat"),
            Map.entry("/skynet.v1.Swarm/List", "get /v1/swarm"),
            Map.entry("/skynet.v1.Messaging/Send", "post /v1/messages"),
            Map.entry("/skynet.v1.Messaging/Inbox", "get /v1/messages/inbox"),
            Map.entry("/skynet.v1.Messaging/Subscribe", "get /v1/messages/inbox"),
            Map.entry("/skynet.v1.Messaging/Ack", "post /v1/messages/{message}/ack")));

    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.open();
        Doors.await(Known.on(doors.bus));
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void everyMethodAsksForTheScopeOfItsTwin() throws Exception {
        Map<String, Map<String, Map<String, Object>>> paths = paths();
        Map<String, Contract.Method> methods = doors.room.contract().methods();
        methods.forEach((path, method) -> {
            String[] twin = TWINS.getOrDefault(path, "").split(" ");
            String scope = twin.length < 2
                    ? ""
                    : String.valueOf(paths.get(twin[1]).get(twin[0]).get("x-scope"));
            assertEquals(scope, method.scope(), path);
        });
    }

    @Test
    void guestsCallWhatGuestsMayAndATokenThatIsNoneIsRefused() {
        assertEquals(2, encode(new Metadata()).getTokenCount());
        Metadata known = new Metadata();
        known.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer user");
        assertEquals(2, encode(known).getTokenCount());
        for (String header : new String[] {"Bearer stranger", "Bearer", "Basic YTpi"}) {
            Metadata foreign = new Metadata();
            foreign.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), header);
            StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> encode(foreign));
            assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode(), header);
        }
    }

    private EncodeResponse encode(Metadata shown) {
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(doors.channel, MetadataUtils.newAttachHeadersInterceptor(shown)),
                Doors.method(
                        "skynet.v1.Encoder/Encode",
                        false,
                        false,
                        EncodeRequest.getDefaultInstance(),
                        EncodeResponse.getDefaultInstance()),
                CallOptions.DEFAULT,
                EncodeRequest.newBuilder().setText("Hello world").build());
    }

    private static Map<String, Map<String, Map<String, Object>>> paths() throws Exception {
        Path root = Path.of(System.getProperty("skynet.root", ".."));
        Map<String, Map<String, Map<String, Map<String, Object>>>> contract =
                new Yaml().load(Files.readString(root.resolve("conf/openapi.yaml")));
        return contract.get("paths");
    }
}
