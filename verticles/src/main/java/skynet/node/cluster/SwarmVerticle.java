package skynet.node.cluster;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.NodeNumber;
import skynet.bus.Swarm;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Keeps the links to the other members warm and tells who they are. A node is not ready before it has greeted each member
 * and each has greeted it back: the first link of a pair costs a second, and no user shall wait for it.
 */
public final class SwarmVerticle extends Room {
    private static final Duration GREETING = Duration.ofSeconds(2);
    private static final int WARMING_MAX = 5;
    private static final long EVERY_MILLIS = 2_000;
    private static final long FAREWELL_MILLIS = 100;

    private final Membership membership;
    private final Vitals vitals;
    private final Map<NodeNumber, Swarm.State> heard = new ConcurrentHashMap<>();
    private final Set<NodeNumber> late = ConcurrentHashMap.newKeySet();
    private final Runnable end;
    private volatile boolean warm;

    /** {@code end} makes the node end as SIGTERM does, and returns at once. */
    public SwarmVerticle(Bus bus, Membership membership, Vitals vitals, Runnable end) {
        super(bus);
        this.membership = membership;
        this.vitals = vitals;
        this.end = end;
    }

    @Override
    public Future<?> start() {
        Future<Void> served = bus.serve(Swarm.Members.class, ask -> Future.succeededFuture(roster()))
                .compose(members -> bus.serve(Swarm.Drain.class, this::drain))
                .compose(drain -> bus.serve(Swarm.Go.class, this::go));
        if (membership.name().isEmpty()) {
            return served.compose(ready -> bus.join(membership.number()));
        }
        vitals.check("cluster", this::vital);
        vertx.setPeriodic(EVERY_MILLIS, again -> greetAll());
        return served.compose(ready -> bus.serve(Swarm.Greet.class, this::greeted))
                .compose(ready -> bus.join(membership.number()));
    }

    /** Greets everybody, which opens the links both ways; called when the other rooms are open. */
    public Future<Void> warm() {
        return warm(1);
    }

    /** Who does not answer in time is greeted again; who has gone, or is not open yet, will greet us when he comes. */
    private Future<Void> warm(int attempt) {
        return greetAll().compose(done -> {
            if (late.isEmpty() || attempt == WARMING_MAX) {
                warm = true;
                return Future.succeededFuture();
            }
            return warm(attempt + 1);
        });
    }

    private Future<Void> greetAll() {
        Set<NodeNumber> members = membership.others().keySet();
        heard.keySet().retainAll(members);
        late.clear();
        List<Future<Void>> greetings = new ArrayList<>();
        members.forEach(member -> greetings.add(greet(member, false)));
        return Future.join(greetings).transform(all -> Future.succeededFuture());
    }

    private Future<Void> greet(NodeNumber member, boolean back) {
        Swarm.Greet hello = new Swarm.Greet(membership.self().number(), own(), back);
        return bus.ask(hello, member, GREETING)
                .onSuccess(answer -> heard.put(member, answer.state()))
                .onFailure(failure -> silent(member, failure))
                .mapEmpty();
    }

    private void silent(NodeNumber member, Throwable failure) {
        heard.computeIfPresent(member, (number, before) -> Swarm.State.SILENT);
        if (failure instanceof Fault fault && fault.kind() == Fault.Kind.LATE) {
            late.add(member);
        }
    }

    /** A first greeting is answered after one in the other direction, so that both links are open then. */
    private Future<Swarm.Greeting> greeted(Swarm.Greet hello) {
        boolean known = heard.put(hello.from(), hello.state()) != null;
        Swarm.Greeting answer = new Swarm.Greeting(membership.self().number(), own());
        return known || hello.back()
                ? Future.succeededFuture(answer)
                : greet(hello.from(), true).transform(tried -> Future.succeededFuture(answer));
    }

    private Future<Swarm.Draining> drain(Swarm.Drain asked) {
        NodeNumber number = asked.number();
        return number.equals(membership.self().number())
                ? go(new Swarm.Go(number))
                : bus.ask(new Swarm.Go(number), number, GREETING);
    }

    /** The answer goes first; no request is refused that came before it. */
    private Future<Swarm.Draining> go(Swarm.Go asked) {
        if (!asked.number().equals(membership.self().number())) {
            throw new IllegalArgumentException(asked.number() + ": not this node");
        }
        vertx.setTimer(FAREWELL_MILLIS, said -> end.run());
        return Future.succeededFuture(new Swarm.Draining(asked.number()));
    }

    private Swarm.State own() {
        return vitals.draining() ? Swarm.State.LEAVING : warm ? Swarm.State.READY : Swarm.State.JOINING;
    }

    private Future<JsonObject> vital() {
        if (!membership.alive()) {
            return Future.failedFuture("not a member of " + membership.name() + " any more; start the node again");
        }
        return warm
                ? Future.succeededFuture(
                        new JsonObject().put("members", membership.others().size() + 1))
                : Future.failedFuture("links to the other members are not warm yet");
    }

    private Swarm.Roster roster() {
        Map<NodeNumber, Swarm.Member> members = new TreeMap<>();
        Peer self = membership.self();
        Swarm.State own = membership.name().isEmpty() && !vitals.draining() ? Swarm.State.READY : own();
        members.put(self.number(), member(self, true, own));
        membership
                .others()
                .forEach((number, peer) ->
                        members.put(number, member(peer, false, heard.getOrDefault(number, Swarm.State.JOINING))));
        return new Swarm.Roster(membership.name(), List.copyOf(members.values()));
    }

    private static Swarm.Member member(Peer peer, boolean self, Swarm.State state) {
        return new Swarm.Member(peer.number(), peer.address(), self, peer.since(), peer.release(), state);
    }
}
