package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two nodes do when the third one is killed or stopped under load: {@code mvn -Pchaos verify -pl src-test -am}. */
@Tag("chaos")
class DeathTest {
    private static final long SILENCE_MILLIS_MAX = 6_000;
    private static final long STOPPED_MILLIS = 15_000;

    @TempDir
    static Path temporary;

    private static Trio trio;

    @BeforeAll
    static void start() throws Exception {
        trio = Trio.start(temporary);
    }

    @AfterAll
    static void end() throws Exception {
        if (trio != null) {
            trio.close();
        }
    }

    @AfterEach
    void whole() throws Exception {
        trio.awaitWhole();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theOthersGoOnWhenOneIsKilled(int number) throws Exception {
        List<Integer> others = others(number);
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        Trio.await("load", () -> loads.get(number).acknowledged().size() > 20);
        long killed = System.nanoTime();
        trio.node(number).signal("KILL");
        long forgotten = awaitForgotten(others);
        Thread.sleep(3_000);
        requireAnswers(others, loads, killed);
        trio.launch(number).ready();
        say("NOD" + number + " killed", forgotten, others, loads, killed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theOthersGoOnWhileOneIsStoppedAndItComesBack(int number) throws Exception {
        List<Integer> others = others(number);
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        Trio.await("load", () -> loads.get(number).acknowledged().size() > 20);
        long stopped = System.nanoTime();
        trio.node(number).signal("STOP");
        long forgotten = awaitForgotten(others);
        Thread.sleep(Math.max(0, STOPPED_MILLIS - (System.nanoTime() - stopped) / 1_000_000));
        requireAnswers(others, loads, stopped);
        trio.node(number).signal("CONT");
        long whole = trio.awaitWhole();
        say("NOD" + number + " stopped (whole " + whole + " ms after it went on)", forgotten, others, loads, stopped);
    }

    private static List<Integer> others(int number) {
        return Trio.ALL.stream().filter(other -> other != number).toList();
    }

    private static long awaitForgotten(List<Integer> others) throws Exception {
        return Trio.await("forgotten", () -> {
            for (int other : others) {
                if (!trio.node(other).members("ready").equals(others)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void requireAnswers(List<Integer> others, Map<Integer, Load> loads, long since) {
        long now = System.nanoTime();
        for (int other : others) {
            long silence = loads.get(other).gapMillis(since, now);
            assertTrue(silence < SILENCE_MILLIS_MAX, "NOD" + other + " was silent for " + silence + " ms");
        }
    }

    private static void say(String what, long forgotten, List<Integer> others, Map<Integer, Load> loads, long since)
            throws Exception {
        long now = System.nanoTime();
        long silence = others.stream()
                .mapToLong(other -> loads.get(other).gapMillis(since, now))
                .max()
                .orElseThrow();
        System.out.println("CHAOS " + what + ": forgotten after " + forgotten + " ms, longest silence of the others "
                + silence + " ms, acknowledged " + trio.requireNothingLost(loads) + ", lost 0");
    }
}
