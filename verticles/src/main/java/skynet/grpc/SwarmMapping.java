package skynet.grpc;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import skynet.bus.Crypto;
import skynet.bus.Messages;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Work;
import skynet.grpc.v1.AckRequest;
import skynet.grpc.v1.AckResponse;
import skynet.grpc.v1.Compute;
import skynet.grpc.v1.HandshakeConfirmed;
import skynet.grpc.v1.HandshakeGreeted;
import skynet.grpc.v1.HandshakeRequest;
import skynet.grpc.v1.HandshakeResponse;
import skynet.grpc.v1.HeartbeatRequest;
import skynet.grpc.v1.HeartbeatResponse;
import skynet.grpc.v1.InboxMessage;
import skynet.grpc.v1.InboxRequest;
import skynet.grpc.v1.InboxResponse;
import skynet.grpc.v1.ListRequest;
import skynet.grpc.v1.ListResponse;
import skynet.grpc.v1.NodeCount;
import skynet.grpc.v1.PublicKeys;
import skynet.grpc.v1.RegisterRequest;
import skynet.grpc.v1.RegisterResponse;
import skynet.grpc.v1.SendRequest;
import skynet.grpc.v1.SendResponse;
import skynet.grpc.v1.SwarmNode;

/**
 * The same as {@link Mapping} for what belongs to somebody: words that also say who asks, and bytes that the bus bears as
 * Base64url.
 */
final class SwarmMapping {
    private SwarmMapping() {}

    static Nodes.Register word(RegisterRequest message, Principal by, String host, String address) {
        return new Nodes.Register(
                by,
                host,
                address,
                NodeClass.of(message.getKind()),
                Nodes.Mode.of(message.getMode()),
                new Nodes.PublicKeys(
                        base64(message.getKeys().getEd25519()),
                        base64(message.getKeys().getMlDsa65()),
                        base64(message.getKeys().getXWing())),
                message.getFingerprint(),
                message.getTimeSeconds(),
                base64(message.getNonce()),
                base64(message.getSignature()),
                base64(message.getMlDsaSignature()));
    }

    static RegisterResponse message(Nodes.Registered word) {
        return RegisterResponse.newBuilder()
                .setNode(word.node().value())
                .setMode(word.mode().text())
                .setToken(word.token())
                .setAgain(word.again())
                .setTwin(word.twin())
                .setNextMillis(word.nextMillis())
                .build();
    }

    /** A hello, with where it comes from, for the limit of each address. */
    static Crypto.Greet greet(HandshakeRequest message, String address) {
        return new Crypto.Greet(base64(message.getHello()), address);
    }

    static Nodes.Beat word(HeartbeatRequest message, NodeId node) {
        return new Nodes.Beat(node, message.getLoadPercent());
    }

    static HeartbeatResponse message(Nodes.Beaten word) {
        return HeartbeatResponse.newBuilder()
                .setAdmitted(word.admitted())
                .setNextMillis(word.nextMillis())
                .build();
    }

    static Nodes.Look word(ListRequest message) {
        return new Nodes.Look(
                message.getAfter(), message.hasLimit() ? message.getLimit() : Mapping.LIMIT, message.getKind());
    }

    static ListResponse message(Nodes.Seen word) {
        return ListResponse.newBuilder()
                .setSwarm(word.swarm())
                .setHub(word.hub())
                .addAllCore(nodes(word.core()))
                .addAllCounts(word.counts().stream().map(SwarmMapping::message).toList())
                .addAllNodes(nodes(word.nodes()))
                .setNext(word.next())
                .setBeatsPerSecond(word.beatsPerSecond())
                .setIntervalMillis(word.intervalMillis())
                .build();
    }

    /** A list with how those of its light nodes stand that may compute. */
    static ListResponse message(Nodes.Seen word, Work.Seen work) {
        Map<Integer, Compute> standings = work.standings().stream()
                .map(SwarmMapping::message)
                .collect(Collectors.toMap(Compute::getNode, Function.identity()));
        ListResponse.Builder list = message(word).toBuilder();
        list.getNodesBuilderList().stream()
                .filter(node -> standings.containsKey(node.getNode()))
                .forEach(node -> node.setCompute(standings.get(node.getNode())));
        return list.build();
    }

    static Compute message(Work.Standing word) {
        return Compute.newBuilder()
                .setNode(word.node().value())
                .setGranted(word.granted())
                .setStrikes(word.strikes())
                .setStrike(word.strike())
                .setHome(word.home())
                .setSlots(word.slots())
                .setBusy(word.busy())
                .setDone(word.done())
                .build();
    }

    static NodeCount message(Nodes.Count word) {
        return NodeCount.newBuilder()
                .setKind(word.kind().text())
                .setRegistered(word.registered())
                .setLive(word.live())
                .setSuspect(word.suspect())
                .setDead(word.dead())
                .build();
    }

    static SwarmNode message(Nodes.Node word) {
        return SwarmNode.newBuilder()
                .setNode(word.node().value())
                .setMode(word.mode())
                .addAllRoles(word.roles())
                .setState(word.state().text())
                .setSinceSeconds(word.sinceSeconds())
                .setSeenSeconds(word.seenSeconds())
                .setHome(word.home())
                .setLoadPercent(word.loadPercent())
                .setTwinOf(word.twinOf())
                .setRelease(word.release())
                .build();
    }

    static PublicKeys message(Nodes.PublicKeys word) {
        return PublicKeys.newBuilder()
                .setEd25519(bytes(word.ed25519()))
                .setMlDsa65(bytes(word.mlDsa65()))
                .setXWing(bytes(word.xWing()))
                .build();
    }

    static HandshakeResponse message(Crypto.Greeted word) {
        return HandshakeResponse.newBuilder()
                .setGreeted(
                        HandshakeGreeted.newBuilder().setSession(word.session()).setReply(bytes(word.reply())))
                .build();
    }

    static HandshakeResponse message(Crypto.Confirmed word) {
        return HandshakeResponse.newBuilder()
                .setConfirmed(HandshakeConfirmed.newBuilder()
                        .setSession(word.session())
                        .setEndMillis(word.endMillis())
                        .setPeer(bytes(word.peer())))
                .build();
    }

    static Messages.Send word(SendRequest message, Principal by) {
        return new Messages.Send(by, message.getTo(), message.getId(), base64(message.getBody()));
    }

    static SendResponse message(Messages.Sent word) {
        return SendResponse.newBuilder()
                .setMessage(word.message())
                .setAgain(word.again())
                .build();
    }

    static Messages.Inbox word(InboxRequest message, Principal by) {
        return new Messages.Inbox(by, message.getAfter(), message.hasLimit() ? message.getLimit() : Messages.PAGE_MAX);
    }

    static InboxResponse message(Messages.Page word) {
        return InboxResponse.newBuilder()
                .addAllMessages(
                        word.messages().stream().map(SwarmMapping::message).toList())
                .setNext(word.next())
                .build();
    }

    static InboxMessage message(Messages.Message word) {
        return InboxMessage.newBuilder()
                .setMessage(word.message())
                .setFrom(word.from())
                .setId(word.id())
                .setSentMillis(word.sentMillis())
                .setBody(bytes(word.body()))
                .build();
    }

    static Messages.Ack word(AckRequest message, Principal by) {
        return new Messages.Ack(by, message.getMessage());
    }

    static AckResponse message(Messages.Acked word) {
        return AckResponse.newBuilder()
                .setMessage(word.message())
                .setAgain(word.again())
                .build();
    }

    static String base64(ByteString bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static ByteString bytes(String base64) {
        return ByteString.copyFrom(Base64.getUrlDecoder().decode(base64));
    }

    private static List<SwarmNode> nodes(List<Nodes.Node> words) {
        return words.stream().map(SwarmMapping::message).toList();
    }
}
