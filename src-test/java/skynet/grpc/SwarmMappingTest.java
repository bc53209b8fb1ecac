package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import skynet.bus.Crypto;
import skynet.bus.Messages;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Work;
import skynet.grpc.v1.AckRequest;
import skynet.grpc.v1.HandshakeRequest;
import skynet.grpc.v1.HeartbeatRequest;
import skynet.grpc.v1.InboxRequest;
import skynet.grpc.v1.ListRequest;
import skynet.grpc.v1.PublicKeys;
import skynet.grpc.v1.RegisterRequest;
import skynet.grpc.v1.SendRequest;
import skynet.grpc.v1.SwarmNode;

/**
 * What belongs to somebody says the same on the bus and over gRPC, field by field: the records are walked, so a component
 * without its field, or a field without its component, fails here.
 */
class SwarmMappingTest {
    /** What a word says beyond its message: who asks, and from where. */
    private static final Set<String> OF_THE_CALL = Set.of("by", "host", "address");

    /** What an answer says that two rooms were asked for. */
    private static final Set<String> OF_ANOTHER_WORD = Set.of("SwarmNode.compute");

    private static final String BYTES =
            Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {1, 2, 3, -1});

    @Test
    void everyAnswerSaysTheSame() throws Exception {
        NodeId node = new NodeId(100);
        Nodes.Node one = new Nodes.Node(node, "relay", List.of("a", "b"), Nodes.State.SUSPECT, 1, 2, "NOD1", 3, 4, "r");
        Nodes.Count count = new Nodes.Count(NodeClass.M, 5, 6, 7, 8);
        same(one, SwarmMapping.message(one));
        same(count, SwarmMapping.message(count));
        Nodes.Seen seen = new Nodes.Seen("s", "h", List.of(one), List.of(count), List.of(one, one), 9, 10, 11);
        same(seen, SwarmMapping.message(seen));
        Work.Standing standing = new Work.Standing(node, true, 1, "s", "NOD2", 3, 4, 5);
        same(standing, SwarmMapping.message(standing));
        assertEquals(
                List.of(SwarmMapping.message(standing), SwarmMapping.message(standing)),
                SwarmMapping.message(seen, new Work.Seen(List.of(standing))).getNodesList().stream()
                        .map(SwarmNode::getCompute)
                        .toList());
        Nodes.Registered registered = new Nodes.Registered(node, Nodes.Mode.COMPUTE, "nod-x", true, true, 12);
        same(registered, SwarmMapping.message(registered));
        Nodes.Beaten beaten = new Nodes.Beaten(true, 13);
        same(beaten, SwarmMapping.message(beaten));
        Messages.Message message = new Messages.Message("m", "f", "i", 14, BYTES);
        same(message, SwarmMapping.message(message));
        Messages.Page page = new Messages.Page(List.of(message), 15);
        same(page, SwarmMapping.message(page));
        Messages.Sent sent = new Messages.Sent("m", true);
        same(sent, SwarmMapping.message(sent));
        Messages.Acked acked = new Messages.Acked("m", true);
        same(acked, SwarmMapping.message(acked));
        Crypto.Greeted greeted = new Crypto.Greeted("s", BYTES);
        same(greeted, SwarmMapping.message(greeted).getGreeted());
        Crypto.Confirmed confirmed = new Crypto.Confirmed("s", 16, BYTES);
        same(confirmed, SwarmMapping.message(confirmed).getConfirmed());
        Nodes.PublicKeys keys = new Nodes.PublicKeys(BYTES, "AAAA" + BYTES, "BBBB" + BYTES);
        same(keys, SwarmMapping.message(keys));
    }

    @Test
    void everyQuestionSaysTheSame() throws Exception {
        Principal by = Principal.GUEST;
        RegisterRequest register = RegisterRequest.newBuilder()
                .setKind("D")
                .setMode("relay")
                .setKeys(PublicKeys.newBuilder()
                        .setEd25519(bytes(1))
                        .setMlDsa65(bytes(2))
                        .setXWing(bytes(3)))
                .setFingerprint("ab".repeat(32))
                .setTimeSeconds(17)
                .setNonce(bytes(4))
                .setSignature(bytes(5))
                .setMlDsaSignature(bytes(6))
                .build();
        Nodes.Register word = SwarmMapping.word(register, by, "host", "address");
        same(word, register);
        assertEquals(List.of("host", "address"), List.of(word.host(), word.address()));
        HandshakeRequest hello =
                HandshakeRequest.newBuilder().setHello(bytes(9)).build();
        assertEquals("192.0.2.1", SwarmMapping.greet(hello, "192.0.2.1").address());
        HeartbeatRequest beat = HeartbeatRequest.newBuilder().setLoadPercent(18).build();
        assertEquals(new Nodes.Beat(new NodeId(100), 18), SwarmMapping.word(beat, new NodeId(100)));
        ListRequest list =
                ListRequest.newBuilder().setAfter(19).setLimit(20).setKind("M").build();
        same(SwarmMapping.word(list), list);
        assertEquals(
                Mapping.LIMIT,
                SwarmMapping.word(ListRequest.getDefaultInstance()).limit());
        SendRequest send = SendRequest.newBuilder()
                .setTo("NOD100")
                .setId("i")
                .setBody(bytes(7))
                .build();
        same(SwarmMapping.word(send, by), send);
        InboxRequest inbox = InboxRequest.newBuilder().setAfter(21).setLimit(22).build();
        same(SwarmMapping.word(inbox, by), inbox);
        AckRequest ack = AckRequest.newBuilder().setMessage("m").build();
        same(SwarmMapping.word(ack, by), ack);
    }

    private static void same(Record record, Message message) throws Exception {
        Descriptor type = message.getDescriptorForType();
        Set<String> said = new TreeSet<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String name = snake(component.getName());
            if (OF_THE_CALL.contains(name) && record instanceof skynet.bus.Request<?>) {
                continue;
            }
            FieldDescriptor field = type.findFieldByName(name);
            assertTrue(field != null, record.getClass() + "." + component.getName() + ": no field " + name);
            said.add(name);
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            same(accessor.invoke(record), message.getField(field), field.getFullName());
        }
        Set<String> fields = new TreeSet<>();
        type.getFields().forEach(field -> fields.add(field.getName()));
        fields.removeIf(field -> OF_ANOTHER_WORD.contains(type.getName() + '.' + field));
        assertEquals(fields, said, type.getFullName());
    }

    private static void same(Object said, Object sent, String name) throws Exception {
        if (said instanceof List<?> list) {
            assertEquals(list.size(), ((List<?>) sent).size(), name);
            for (int i = 0; i < list.size(); i++) {
                same(list.get(i), ((List<?>) sent).get(i), name);
            }
        } else if (said instanceof NodeId node) {
            assertEquals(node.value(), sent, name);
        } else if (said instanceof NodeClass kind) {
            assertEquals(kind.text(), sent, name);
        } else if (said instanceof Nodes.Mode mode) {
            assertEquals(mode.text(), sent, name);
        } else if (said instanceof Nodes.State state) {
            assertEquals(state.text(), sent, name);
        } else if (said instanceof Record record) {
            same(record, (Message) sent);
        } else if (sent instanceof ByteString bytes) {
            assertEquals(said, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray()), name);
        } else {
            assertEquals(said, sent, name);
        }
    }

    private static ByteString bytes(int seed) {
        byte[] bytes = new byte[40];
        Arrays.fill(bytes, (byte) seed);
        return ByteString.copyFrom(bytes);
    }

    /** The fields of a message are named after the components of its record. */
    private static String snake(String name) {
        return Map.of("mlDsa65", "ml_dsa_65", "xWing", "x_wing")
                .getOrDefault(name, name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT));
    }
}
