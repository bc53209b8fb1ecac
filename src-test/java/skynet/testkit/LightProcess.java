package skynet.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A light node as people start it: the fat JAR in a process of its own, told to join members. */
public final class LightProcess implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(1);
    private static final Pattern NAME = Pattern.compile("(?m)^SKYNET (NOD\\d+) is a light node");

    private final Process process;
    private final Path log;

    private LightProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the process only; it may refuse to become a light node. */
    public static LightProcess launch(Path data, String... options) throws IOException {
        Files.createDirectories(data.getParent());
        Path log = Files.createTempFile(data.getParent(), "light", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of(System.getProperty("skynet.jar", "../verticles/target/skynet.jar"))
                        .toString(),
                "run",
                "--data-dir",
                data.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SKYNET_"));
        return new LightProcess(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
    }

    /** A light node of class D. */
    public static LightProcess join(Path data, URI member) throws IOException {
        return launch(data, "--class", "D", "--join", member.toString());
    }

    /** Its name, once it is registered. */
    public String name() throws Exception {
        awaitLine(NAME);
        Matcher name = NAME.matcher(log());
        return name.find() ? name.group(1) : "";
    }

    /** Waits until something was logged. */
    public void awaitLine(Pattern line) throws Exception {
        long end = System.nanoTime() + START_MAX.toNanos();
        while (!line.matcher(log()).find()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("no " + line + ": " + log());
            }
            Thread.sleep(50);
        }
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Sends a signal, such as {@code STOP}. */
    public void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    /** Waits for the end and gives the exit code. */
    public int end() throws Exception {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("did not end: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
