package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What three nodes do while the network between them is cut, and after: {@code mvn -Pchaos verify -pl src-test -am},
 * {@code -Dchaos.cut.seconds} (15) for longer cuts.
 */
@Tag("chaos")
class PartitionTest {
    /** Longer than the five seconds after which a silent member is removed. */
    private static final long CUT_MILLIS = Integer.getInteger("chaos.cut.seconds", 15) * 1_000L;

    private static final long HEALED_MILLIS_MAX = 10_000;
    /** A call to the database may wait for its five seconds before the next one finds a new connection. */
    private static final long GAP_MILLIS_MAX = 6_000;

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
    void heal() throws Exception {
        trio.network().heal();
        trio.awaitWhole();
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,3", "1,3"})
    void aPairThatIsCutGoesOnAnsweringAndTheBusIsWholeAfterwards(int one, int other) throws Exception {
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        long cut = System.nanoTime();
        trio.network().cut(Trio.name(one), Trio.name(other));
        awaitUnseen(one, other);
        rest(cut);
        long healed = System.nanoTime();
        trio.network().heal();
        long whole = requireWhole("pair " + one + " " + other);
        for (int number : Trio.ALL) {
            assertTrue(
                    loads.get(number).gapMillis(cut, healed) < GAP_MILLIS_MAX,
                    "NOD" + number + " was silent for " + loads.get(number).gapMillis(cut, healed) + " ms");
        }
        say("pair " + one + "-" + other + " cut", whole, cut, healed, loads);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aNodeCutOffFromAllAcknowledgesNothingWhileTheOthersGoOn(int number) throws Exception {
        List<Integer> majority =
                Trio.ALL.stream().filter(other -> other != number).toList();
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        Trio.await("load", () -> loads.get(number).acknowledged().size() > 5);
        long cut = System.nanoTime();
        trio.network().isolate(Trio.name(number));
        Trio.await("removed", () -> trio.node(majority.get(0)).members("ready").equals(majority));
        long settled = System.nanoTime();
        rest(cut);
        assertEquals(0, loads.get(number).acknowledgedSince(settled), "acknowledged without a database");
        int status = trio.node(number)
                .post("/api/chat/message", new JsonObject().put("message", "What does NOD7 do?"))
                .statusCode();
        assertTrue(status == 503 || status == 504, "status " + status);
        assertEquals(
                200,
                trio.node(number)
                        .post("/v1/encode", new JsonObject().put("text", "Hello world"))
                        .statusCode());
        long healed = System.nanoTime();
        trio.network().heal();
        long whole = requireWhole("node " + number);
        for (int other : majority) {
            assertTrue(
                    loads.get(other).gapMillis(cut, healed) < GAP_MILLIS_MAX,
                    "NOD" + other + " was silent for " + loads.get(other).gapMillis(cut, healed) + " ms");
        }
        Trio.await("acknowledged again", () -> loads.get(number).acknowledgedSince(healed) > 0);
        say("NOD" + number + " cut off", whole, cut, healed, loads);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aNodeThatIsHeardByNobodyComesBackToo(int number) throws Exception {
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        long cut = System.nanoTime();
        for (int other : Trio.ALL) {
            if (other != number) {
                trio.network().cutOneWay(Trio.name(number), Trio.name(other));
            }
        }
        rest(cut);
        long healed = System.nanoTime();
        trio.network().heal();
        long whole = requireWhole("one way " + number);
        say("NOD" + number + " heard by nobody", whole, cut, healed, loads);
    }

    @Test
    void aCutShorterThanItsDetectionChangesNothing() throws Exception {
        Map<Integer, Load> loads = trio.load(Trio.ALL);
        long cut = System.nanoTime();
        trio.network().isolate(Trio.name(2));
        Thread.sleep(2_000);
        long healed = System.nanoTime();
        trio.network().heal();
        say("NOD2 cut off for 2 s", requireWhole("short"), cut, healed, loads);
    }

    private static void awaitUnseen(int one, int other) throws Exception {
        Trio.await(
                "noticed",
                () -> !trio.node(one).members("ready").contains(other)
                        || !trio.node(other).members("ready").contains(one));
    }

    private static void rest(long cut) throws InterruptedException {
        long left = CUT_MILLIS - (System.nanoTime() - cut) / 1_000_000;
        if (left > 0) {
            Thread.sleep(left);
        }
    }

    private static long requireWhole(String what) throws Exception {
        long whole = trio.awaitWhole();
        assertTrue(whole <= HEALED_MILLIS_MAX, what + ": whole after " + whole + " ms");
        return whole;
    }

    private static void say(String what, long whole, long cut, long healed, Map<Integer, Load> loads) throws Exception {
        StringBuilder line = new StringBuilder("CHAOS " + what + ": whole " + whole + " ms after the heal; ");
        loads.forEach((number, load) -> line.append("NOD" + number + " longest silence ")
                .append(load.gapMillis(cut, healed))
                .append(" ms, refused ")
                .append(load.refused())
                .append("; "));
        System.out.println(line + "acknowledged " + trio.requireNothingLost(loads) + ", lost 0");
    }
}
