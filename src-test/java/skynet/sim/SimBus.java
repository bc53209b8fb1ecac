package skynet.sim;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import skynet.bus.Bus;

/**
 * The real {@link Bus} of every node, on event buses that carry its frames through a simulated world: as bytes from node to
 * node, in order on each link, at most once, or as badly as the weather is. Of a dead node the others learn after
 * {@value #NOTICE_MILLIS} ms; until then they send into the void.
 */
public final class SimBus {
    private static final int NOTICE_MILLIS = 3_000;

    private final SimWorld world;
    private final Map<String, List<SimConsumer<?>>> consumers = new LinkedHashMap<>();
    private final List<SimEventBus> buses = new ArrayList<>();
    private int turn;

    public SimBus(SimWorld world) {
        this.world = world;
    }

    /** The bus of a node that begins to live; it is dropped with {@link #died}. */
    public Bus begin(int node) {
        SimEventBus eventBus = new SimEventBus(world, this, node);
        buses.add(eventBus);
        return new Bus(vertx(eventBus, node), clock());
    }

    /** What a room is given of Vert.x: the bus, timers in the time of this world, and periods that never pass, for no simulation lasts so long. */
    public Vertx vertx(int node) {
        return vertx(new SimEventBus(world, this, node), node);
    }

    /** The time of this world. */
    public InstantSource clock() {
        return () -> Instant.ofEpochMilli(world.now());
    }

    /** A node died: what it served is served by it no more, as soon as that is noticed. */
    public void died(int node) {
        List<SimEventBus> dead =
                buses.stream().filter(bus -> bus.node() == node).toList();
        buses.removeAll(dead);
        world.after(0, NOTICE_MILLIS, () -> consumers
                .values()
                .forEach(at -> at.removeIf(consumer -> dead.contains(consumer.eventBus()))));
    }

    void register(SimConsumer<?> consumer) {
        consumers
                .computeIfAbsent(consumer.address(), address -> new ArrayList<>())
                .add(consumer);
    }

    void unregister(SimConsumer<?> consumer) {
        consumers.getOrDefault(consumer.address(), List.of()).remove(consumer);
    }

    /** Everybody who hears an address as seen from a node: others' local consumers are not seen. */
    List<SimConsumer<?>> at(String address, int from) {
        return consumers.getOrDefault(address, List.of()).stream()
                .filter(consumer -> !consumer.isLocal() || consumer.node() == from)
                .toList();
    }

    /** A different one each time. */
    int nextTurn() {
        return turn++ & Integer.MAX_VALUE;
    }

    private Vertx vertx(EventBus eventBus, int node) {
        Set<Long> cancelled = new HashSet<>();
        return (Vertx) Proxy.newProxyInstance(
                SimBus.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("eventBus")) {
                        return eventBus;
                    }
                    if (method.getName().equals("setPeriodic")) {
                        return 0L;
                    }
                    if (method.getName().equals("setTimer")) {
                        long timer = nextTurn();
                        @SuppressWarnings("unchecked") // What Vertx.setTimer takes.
                        Handler<Long> work = (Handler<Long>) arguments[1];
                        world.after(node, (Long) arguments[0], () -> {
                            if (!cancelled.remove(timer)) {
                                work.handle(timer);
                            }
                        });
                        return timer;
                    }
                    if (method.getName().equals("cancelTimer")) {
                        return cancelled.add((Long) arguments[0]);
                    }
                    if (method.getDeclaringClass() == Object.class) {
                        return invoke(method, eventBus, arguments);
                    }
                    throw new UnsupportedOperationException("Vertx." + method.getName() + ": not simulated");
                });
    }

    private static Object invoke(java.lang.reflect.Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
