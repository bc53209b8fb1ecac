package skynet.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import skynet.auth.MachineToken;
import skynet.auth.SigningSecret;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;
import skynet.node.PortProbe;

/** What {@code skynet doctor} looks at. It changes nothing. */
final class Examination {
    private static final int JAVA_MIN = 17;
    private static final long HEAP_BYTES_MIN = 256L << 20;
    private static final long HEAP_BYTES_GOOD = 512L << 20;
    private static final long DISK_BYTES_MIN = 300L << 20;
    private static final long DISK_BYTES_GOOD = 2L << 30;

    private static final long CLOCK_SECONDS_MAX = 20;

    private final Settings settings;
    private final NodeConfig config;

    Examination(Settings settings) {
        this.settings = settings;
        this.config = NodeConfig.of(settings);
    }

    List<Check> checks() {
        boolean running = NodeClient.of(settings).answers();
        List<Check> checks = new ArrayList<>();
        checks.add(java());
        checks.add(memory());
        checks.add(disk());
        checks.add(directory(running));
        checks.add(
                running
                        ? Check.good(
                                "node", "answers at " + NodeClient.of(settings).node())
                        : port("http.port", config.http().port()));
        if (!running) {
            checks.add(port("grpc.port", config.grpc().port()));
        }
        checks.add(dictionary());
        checks.add(facts());
        checks.addAll(secrets());
        checks.addAll(new UpstreamExamination(config.cascade()).checks());
        config.cascade()
                .localModel()
                .ifPresent(model ->
                        checks.add(new ModelExamination(model, config.cascade().localTemplate()).check()));
        checks.add(new EmbeddingExamination(config.embedding()).check());
        if (running) {
            checks.add(clock());
        }
        if (config.cluster().enabled()) {
            checks.addAll(new ClusterExamination(config, running).checks());
        }
        return checks;
    }

    private static Check java() {
        int feature = Runtime.version().feature();
        return feature >= JAVA_MIN
                ? Check.good("java", Runtime.version().toString())
                : Check.bad("java", Runtime.version().toString(), "install Java " + JAVA_MIN + " or later");
    }

    private static Check memory() {
        long heapBytes = Runtime.getRuntime().maxMemory();
        String found = (heapBytes >> 20) + " MiB of heap at most";
        return heapBytes >= HEAP_BYTES_GOOD
                ? Check.good("memory", found)
                : heapBytes >= HEAP_BYTES_MIN
                        ? Check.doubtful("memory", found, "give java -Xmx512m or more")
                        : Check.bad("memory", found, "give java -Xmx512m or more");
    }

    private Check disk() {
        Path there = existing(config.dataDir());
        try {
            long freeBytes = Files.getFileStore(there).getUsableSpace();
            String found = (freeBytes >> 20) + " MiB free in " + there;
            return freeBytes >= DISK_BYTES_GOOD
                    ? Check.good("disk", found)
                    : freeBytes >= DISK_BYTES_MIN
                            ? Check.doubtful("disk", found, "make room, or choose another --data-dir")
                            : Check.bad("disk", found, "make room, or choose another --data-dir");
        } catch (IOException e) {
            return Check.doubtful("disk", "unknown: " + e.getMessage(), "look at it with df");
        }
    }

    private Check directory(boolean running) {
        Path there = existing(config.dataDir());
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return Check.bad(
                    "data directory",
                    there + " cannot be written to",
                    "change its owner, or choose another --data-dir");
        }
        String state =
                running ? "in use by the running node" : there.equals(config.dataDir()) ? "writable" : "not made yet";
        return Check.good("data directory", config.dataDir() + ", " + state);
    }

    private Check port(String key, int port) {
        if (port == 0) {
            return Check.good(key, "any free one");
        }
        try {
            PortProbe.bind(config.http().host(), port);
            return Check.good(key, port + " is free");
        } catch (IOException e) {
            return Check.bad(
                    key,
                    port + " on " + config.http().host() + ": " + e.getMessage(),
                    "choose another with --set " + key + "=…");
        }
    }

    private Check dictionary() {
        try {
            Dictionary dictionary = new Dictionary(settings);
            dictionary.verify();
            return Check.good(
                    "dictionary",
                    dictionary.files().isEmpty() ? "unpacked at the first use" : "whole, in " + dictionary.directory());
        } catch (StartFailure e) {
            return Check.bad("dictionary", e.getMessage(), e.fix());
        }
    }

    private Check facts() {
        if (config.pg().uri().isPresent()) {
            return Check.good("facts", "in " + config.pg().uri().get() + "; losing that host stops writes");
        }
        Path data = config.dataDir().resolve("postgres").resolve("data");
        return Check.good("facts", "in the node's own PostgreSQL, " + data + "; losing this host stops writes");
    }

    /** What lies on the disk and lets somebody in is for its owner only. */
    private List<Check> secrets() {
        List<Check> checks = new ArrayList<>();
        for (Path secret : List.of(
                config.dataDir().resolve(MachineToken.FILE),
                config.dataDir().resolve("secrets").resolve(SigningSecret.FILE))) {
            try {
                Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(secret);
                String mode = PosixFilePermissions.toString(allowed);
                checks.add(
                        mode.endsWith("------")
                                ? Check.good("secret", secret.getFileName() + " is for its owner only")
                                : Check.bad("secret", secret + " has mode " + mode, "chmod 600 " + secret));
            } catch (NoSuchFileException e) {
                // Made at the first start, or given in the settings.
            } catch (IOException e) {
                checks.add(Check.doubtful("secret", secret + ": " + e.getMessage(), "look at it with ls -l"));
            }
        }
        return checks;
    }

    /** Codes of a second factor count for half a minute: a clock that is off by more locks people out. */
    private Check clock() {
        long before = System.currentTimeMillis() / 1_000;
        OptionalLong there = NodeClient.of(settings).timeSeconds();
        if (there.isEmpty()) {
            return Check.doubtful("clock", "the node does not tell its time", "compare it with another machine's");
        }
        long offSeconds = Math.abs(there.getAsLong() - before);
        String found = "the node is " + offSeconds + " s off this machine";
        return offSeconds <= CLOCK_SECONDS_MAX
                ? Check.good("clock", found)
                : Check.bad("clock", found, "let NTP set both clocks: codes of a second factor count for 30 s");
    }

    private static Path existing(Path path) {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
