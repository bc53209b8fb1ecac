package skynet.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.Work;

/**
 * The sockets of light nodes by their sessions. The room that began a session may speak to it before its answer that it did
 * is heard here: such words wait for that answer, and so for no longer than an ask does. Runs on the event loop of the front
 * door.
 */
final class WorkLines {
    private final Bus bus;
    private final Map<Long, WorkSocket> attached = new HashMap<>();
    private final Set<WorkSocket> attaching = new HashSet<>();
    private final List<Runnable> early = new ArrayList<>();

    WorkLines(Bus bus) {
        this.bus = bus;
    }

    /** Gives a job to the socket of its session. Without one it is nobody's, and its node is not there. */
    void give(Work.Job job) {
        WorkSocket line = attached.get(job.session());
        if (line != null) {
            line.give(job);
        } else if (isAttaching(job.node())) {
            early.add(() -> give(job));
        } else {
            bus.ask(new Work.Deliver(job.node(), job.session(), job.id(), false, List.of(), "not connected"));
            bus.ask(new Work.Detach(job.node(), job.session()));
        }
    }

    void letGo(Work.Dismissed dismissed) {
        WorkSocket line = attached.get(dismissed.session());
        if (line != null) {
            line.refuse(dismissed.reason());
        } else if (isAttaching(dismissed.node())) {
            early.add(() -> letGo(dismissed));
        }
    }

    private boolean isAttaching(NodeId node) {
        return attaching.stream().anyMatch(line -> line.isOf(node));
    }

    /** A socket has asked to be attached. */
    void asked(WorkSocket line) {
        attaching.add(line);
    }

    /** It is, in this session. */
    void attached(WorkSocket line, long session) {
        attached.put(session, line);
    }

    /** It was answered, whatever the answer was. */
    void answered(WorkSocket line) {
        attaching.remove(line);
        List<Runnable> words = List.copyOf(early);
        early.clear();
        words.forEach(Runnable::run);
    }

    void ended(long session) {
        attached.remove(session);
    }
}
