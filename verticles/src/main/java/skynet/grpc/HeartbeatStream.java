package skynet.grpc;

import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcMessage;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.grpc.v1.HeartbeatRequest;

/** Heartbeats of one node, one after the other: the next is read when the one before is answered. */
final class HeartbeatStream {
    private final Bus bus;
    private final Call call;
    private final NodeId node;
    private boolean ended;
    private boolean answering;

    private HeartbeatStream(Bus bus, Call call, NodeId node) {
        this.bus = bus;
        this.call = call;
        this.node = node;
    }

    static void begin(Bus bus, Call call) {
        Principal by = call.caller();
        var node = NodeId.read(by.user()).filter(one -> by.tenant().equals(Principal.NODES));
        if (node.isEmpty()) {
            call.request().messageHandler(ignored -> {});
            call.refuse(new Fault(
                    Fault.Kind.DENIED, "authorization: not a node's (expected: the token of a registered node)"));
            return;
        }
        HeartbeatStream stream = new HeartbeatStream(bus, call, node.get());
        call.request().pause();
        call.request().messageHandler(stream::heard);
        call.request().endHandler(end -> stream.end());
        call.request().fetch(1);
    }

    private void heard(GrpcMessage message) {
        answering = true;
        Future<Nodes.Beaten> answer;
        try {
            answer = bus.ask(SwarmMapping.word(call.read(message, HeartbeatRequest.parser()), node), call.deadline());
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onFailure(call::refuse).onSuccess(beaten -> {
            answering = false;
            call.write(SwarmMapping.message(beaten));
            if (ended) {
                call.end();
            } else {
                call.request().fetch(1);
            }
        });
    }

    private void end() {
        ended = true;
        if (!answering) {
            call.end();
        }
    }
}
