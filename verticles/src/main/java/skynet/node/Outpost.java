package skynet.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import skynet.bus.Work;
import skynet.client.Connection;
import skynet.client.LightNode;
import skynet.client.Refused;
import skynet.client.WorkLine;
import skynet.crypto.IdentityFile;
import skynet.crypto.NodeIdentity;
import skynet.kit.ExitCode;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.knowledge.FarReader;

/**
 * A light node: no database, no rooms and no door, only a connection to a member. It registers with keys of its own, says
 * that it lives when it is told to, and, in the mode {@code compute}, waits for passages to read. A member that does not
 * answer is asked again after a pause, or the next one instead. The JVM that was started is the node.
 */
final class Outpost implements NodeStarter {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Outpost.class);

    private static final String LOG_FORMAT = "SKYNET_LOG_FORMAT";
    private static final long PAUSE_MILLIS_MIN = 1_000;
    private static final long PAUSE_MILLIS_MAX = 60_000;

    /** A node that waits for its grant asks this seldom. */
    private static final long WORK_PAUSE_MILLIS_MAX = 15_000;

    private static final int CLOSING_SECONDS = 10;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;

    /** A member that says one of these has no time or no database now; another one may. */
    private static final Set<Integer> ELSEWHERE = Set.of(429, 503, 504);

    private final PrintStream out;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private NodeConfig.Light light;
    private List<Connection> connections;
    private Path secrets;
    private NodeIdentity identity;
    private volatile LightNode self;
    private volatile int member;
    private volatile WorkLine line;

    /** Why it cannot go on, once it cannot. */
    private volatile StartFailure over;

    Outpost(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(Settings settings) {
        NodeConfig config = NodeConfig.of(settings);
        light = config.light();
        connections = light.members().stream().map(Connection::new).toList();
        if (config.cluster().enabled()) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "cluster.enabled: true (expected: false with light.kind " + light.kind()
                            + "; a light node is no member)",
                    "take one of the two away");
        }
        System.setProperty(LOG_FORMAT, config.log().shape(Terminal.isAt(Terminal.OUT)));
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        ((Logger) LoggerFactory.getLogger("skynet"))
                .setLevel(Level.toLevel(config.log().level()));
        Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "skynet-drain"));
        try (DataDirectory directory = DataDirectory.open(config.dataDir())) {
            secrets = directory.secrets();
            identity = IdentityFile.open(secrets, random);
            System.setProperty("java.io.tmpdir", directory.sub("tmp").toString());
            self = enter();
            welcome(config);
            if (light.mode().equals("compute")) {
                compute(directory.root().resolve("knowledge"));
            } else {
                beat();
            }
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.FAILED, "light node: " + e.getMessage(), "check the disk and the rights on it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
        if (over != null) {
            throw over;
        }
        return ExitCode.OK;
    }

    /** Finds its registration again, or registers for the first time, which has to succeed while somebody looks on. */
    private LightNode enter() throws IOException, InterruptedException {
        LightFile kept = LightFile.read(secrets)
                .filter(file -> file.kind().equals(light.kind()) && file.mode().equals(light.mode()))
                .filter(file -> file.isFor(light.members()))
                .orElse(null);
        if (kept != null) {
            return LightNode.known(connection(), kept.node(), kept.token());
        }
        IOException last = null;
        for (int tries = 0; tries < light.join().size(); tries++) {
            try {
                return register();
            } catch (Refused refused) {
                if (!ELSEWHERE.contains(refused.status())) {
                    throw refusal(refused);
                }
                last = refused;
                next(member);
            } catch (IOException e) {
                last = last instanceof Refused ? last : e;
                next(member);
            }
        }
        if (last instanceof Refused refused) {
            throw refusal(refused);
        }
        throw new StartFailure(
                ExitCode.UNREACHABLE,
                "light.join: no member answers at " + String.join(", ", light.join()) + " (" + reason(last) + ")",
                "check the address; a certificate has to be one that Java trusts",
                last);
    }

    private LightNode register() throws IOException, InterruptedException {
        LightNode registered = LightNode.register(connection(), identity, light.kind(), light.mode());
        new LightFile(
                        light.kind(),
                        light.mode(),
                        registered.name(),
                        registered.token(),
                        LightFile.hosts(light.members()))
                .write(secrets);
        return registered;
    }

    private static StartFailure refusal(Refused refused) {
        int code =
                switch (refused.status()) {
                    case 401, 403 -> ExitCode.NOT_ALLOWED;
                    case 429, 503, 504 -> ExitCode.TRY_LATER;
                    case 409 -> ExitCode.BAD_SETTINGS;
                    default -> ExitCode.FAILED;
                };
        return new StartFailure(
                code,
                "registration: refused with " + refused.getMessage(),
                "see what was expected; the clocks of both machines have to agree within two minutes",
                refused);
    }

    /** Heartbeats on a thread of their own, and work on this one. */
    private void compute(Path directory) throws IOException, InterruptedException {
        Thread heart = new Thread(
                () -> {
                    try {
                        beat();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "skynet-heart");
        heart.setDaemon(true);
        heart.start();
        try (FarReader reader = FarReader.open(directory)) {
            work(reader);
        } finally {
            heart.interrupt();
        }
    }

    private void beat() throws InterruptedException {
        Pauses pauses = new Pauses(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX, random);
        long wait = 0;
        while (!end.await(wait, TimeUnit.MILLISECONDS)) {
            int asked = member;
            try {
                wait = known().beat(load());
                pauses.reset();
            } catch (Refused refused) {
                wait = pauses.next();
                refusedAt(asked, refused);
            } catch (IOException e) {
                wait = pauses.next();
                LOG.warn("heartbeat: {} does not answer: {}", light.join().get(asked), reason(e));
                next(asked);
            }
        }
    }

    private void work(FarReader reader) throws InterruptedException {
        int slots = Math.max(1, Math.min(Work.SLOTS_MAX, Runtime.getRuntime().availableProcessors() / 2));
        Pauses pauses = new Pauses(PAUSE_MILLIS_MIN, WORK_PAUSE_MILLIS_MAX, random);
        String told = "";
        long wait = 0;
        while (!end.await(wait, TimeUnit.MILLISECONDS)) {
            int asked = member;
            String why;
            try (WorkLine open = WorkLine.open(address(asked), known().token(), slots, reader::read, () -> {
                pauses.reset();
                LOG.info(
                        "work: {} is attached to {}, {} at once",
                        self.name(),
                        light.join().get(asked),
                        slots);
            })) {
                line = open;
                why = open.awaitEnd();
                if (open.isRefused()) {
                    next(asked);
                }
            } catch (Refused refused) {
                why = "refused: " + refused.getMessage();
                refusedAt(asked, refused);
            } catch (IOException e) {
                why = reason(e);
                next(asked);
            } finally {
                line = null;
            }
            wait = pauses.next();
            if (end.getCount() > 0 && !why.equals(told)) {
                LOG.info("work: {}; again after a pause", why);
                told = why;
            }
        }
    }

    /** Asks for a new token when this one is not known, and goes to the next member when this one cannot now. */
    private void refusedAt(int asked, Refused refused) throws InterruptedException {
        if (refused.status() == UNAUTHENTICATED) {
            again();
        } else if (ELSEWHERE.contains(refused.status())) {
            next(asked);
        }
    }

    /** The token is good for nothing any more: the same keys get a new one, unless they were revoked. */
    private synchronized void again() throws InterruptedException {
        try {
            known().beat(load());
        } catch (Refused refused) {
            if (refused.status() == UNAUTHENTICATED) {
                registerAgain();
            }
        } catch (IOException e) {
            LOG.warn("registration: {}", reason(e));
        }
    }

    private void registerAgain() throws InterruptedException {
        int asked = member;
        try {
            self = register();
            LOG.info("registration: {} has a new token", self.name());
        } catch (Refused refused) {
            LOG.error("registration: {}", refused.getMessage());
            if (refused.status() == FORBIDDEN) {
                over = refusal(refused);
                end.countDown();
            } else if (ELSEWHERE.contains(refused.status())) {
                next(asked);
            }
        } catch (IOException e) {
            LOG.warn("registration: {}", reason(e));
            next(asked);
        }
    }

    /** This node at the member that is asked now. */
    private LightNode known() {
        LightNode now = self;
        return LightNode.known(connection(), now.name(), now.token());
    }

    private Connection connection() {
        return connections.get(member);
    }

    private URI address(int at) {
        return light.members().get(at);
    }

    /** The next member, unless somebody has gone on from this one already. */
    private synchronized void next(int from) {
        if (member == from) {
            member = (from + 1) % light.join().size();
        }
    }

    private static int load() {
        double load = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getCpuLoad();
        return (int) Math.round(100 * Math.max(0, Math.min(1, load)));
    }

    private static String reason(IOException e) {
        return e == null ? "" : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void welcome(NodeConfig config) {
        List<String> lines = List.of(
                "",
                "SKYNET " + self.name() + " is a light node of class " + light.kind() + ", in mode " + light.mode()
                        + ".",
                "  members  " + light.join().stream().collect(Collectors.joining(", ")),
                "  data     " + config.dataDir(),
                "  stop     Ctrl-C");
        lines.forEach(out::println);
        out.flush();
    }

    /** Ctrl-C or SIGTERM: tells the member, and waits until all is given back. */
    private void drain() {
        end.countDown();
        WorkLine open = line;
        if (open != null) {
            open.close();
        }
        try {
            if (self != null && !closed.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("not all was given back in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
