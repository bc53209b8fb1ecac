package skynet.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A network of machines that are namespaces of this one's kernel: each has one link to a router, and the router loses
 * silently what a cut says, in one direction or both. This process has a link of its own, which no cut concerns. Needs
 * root and {@code ip}; leaves nothing behind, and sweeps away what a killed run left.
 */
final class Network implements AutoCloseable {
    /** Names of namespaces: this, the process that made them, a dot, the machine. */
    private static final String PREFIX = "skychaos";

    private static final String ROUTER = "router";
    private static final int CUT_PRIORITY = 100;
    private static final int COMMAND_SECONDS_MAX = 10;

    private final String run = PREFIX + ProcessHandle.current().pid();
    private final int subnet = new SplittableRandom().nextInt(200, 250);
    private final List<String> machines;
    private final Thread sweep = new Thread(() -> clear(run), "network-sweep");

    private Network(List<String> machines) {
        this.machines = List.copyOf(machines);
    }

    /** Why there can be no such network here; empty when there can. */
    static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        try {
            run("ip", "netns", "list");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("no network namespaces: " + e.getMessage());
        }
    }

    static Network of(String... machines) throws IOException {
        sweepDead();
        Network network = new Network(List.of(machines));
        Runtime.getRuntime().addShutdownHook(network.sweep);
        try {
            network.build();
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    /** The only address of a machine. */
    String address(String machine) {
        return prefix(machine) + ".2";
    }

    /** What to put before a command so that it runs on a machine. */
    List<String> on(String machine) {
        return List.of("ip", "netns", "exec", namespace(machine));
    }

    /** Nothing passes between the two any more. */
    void cut(String one, String other) throws IOException {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** What the source sends to the target is lost; the other way all is well. */
    void cutOneWay(String source, String target) throws IOException {
        router("rule", "add", "from", address(source), "to", address(target), "prio", "" + CUT_PRIORITY, "blackhole");
    }

    /** Nothing passes between the machine and any other. */
    void isolate(String machine) throws IOException {
        for (String other : machines) {
            if (!other.equals(machine)) {
                cut(machine, other);
            }
        }
    }

    void heal() throws IOException {
        while (router("rule", "list").lines().anyMatch(rule -> rule.startsWith(CUT_PRIORITY + ":"))) {
            router("rule", "del", "prio", "" + CUT_PRIORITY);
        }
    }

    @Override
    public void close() {
        clear(run);
        Runtime.getRuntime().removeShutdownHook(sweep);
    }

    private void build() throws IOException {
        run("ip", "netns", "add", namespace(ROUTER));
        run("ip", "netns", "exec", namespace(ROUTER), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        for (String machine : machines) {
            String to = "to" + machines.indexOf(machine);
            run("ip", "netns", "add", namespace(machine));
            run(
                    "ip",
                    "link",
                    "add",
                    to,
                    "netns",
                    namespace(ROUTER),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    namespace(machine));
            up(namespace(ROUTER), to, prefix(machine) + ".1/30");
            up(namespace(machine), "eth0", address(machine) + "/30");
            run("ip", "-n", namespace(machine), "link", "set", "lo", "up");
            run("ip", "-n", namespace(machine), "route", "add", "default", "via", prefix(machine) + ".1");
        }
        String own = "10." + subnet + ".255";
        String link = "skyc" + ProcessHandle.current().pid();
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "to-test", "netns", namespace(ROUTER));
        up(namespace(ROUTER), "to-test", own + ".1/30");
        run("ip", "addr", "add", own + ".2/30", "dev", link);
        run("ip", "link", "set", link, "up");
        run("ip", "route", "add", "10." + subnet + ".0.0/16", "via", own + ".1");
    }

    private static void up(String namespace, String link, String address) throws IOException {
        run("ip", "-n", namespace, "addr", "add", address, "dev", link);
        run("ip", "-n", namespace, "link", "set", link, "up");
    }

    private String router(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace(ROUTER)));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private String prefix(String machine) {
        return "10." + subnet + "." + (machines.indexOf(machine) + 1);
    }

    private String namespace(String machine) {
        return run + "." + machine;
    }

    private static void sweepDead() throws IOException {
        for (String name : names()) {
            if (name.matches(PREFIX + "\\d+\\..*")) {
                String run = name.substring(0, name.indexOf('.'));
                if (ProcessHandle.of(Long.parseLong(run.substring(PREFIX.length())))
                        .isEmpty()) {
                    clear(run);
                }
            }
        }
    }

    /** Ends what runs in the namespaces of a run, then removes them; the links go with them. */
    private static void clear(String run) {
        try {
            List<String> own =
                    names().stream().filter(name -> name.startsWith(run + ".")).toList();
            for (String name : own) {
                run("ip", "netns", "pids", name)
                        .lines()
                        .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                        .forEach(process -> process.ifPresent(ProcessHandle::destroyForcibly));
            }
            for (String name : own) {
                run("ip", "netns", "delete", name);
            }
        } catch (IOException e) {
            System.err.println("network of " + run + " may be left behind: " + e.getMessage());
        }
    }

    private static List<String> names() throws IOException {
        return run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ")[0])
                .toList();
    }

    private static String run(String... command) throws IOException {
        Path out = Files.createTempFile("ip", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
            String said = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(out);
        }
    }
}
