package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.testkit.TestDatabase;

/** What is said while the database cannot: a named fault in bounded time, and an answer once it can again. */
@Timeout(120)
class DatabaseGoneTest {
    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();
    private static final Set<NetSocket> LINES = ConcurrentHashMap.newKeySet();

    private static TestDatabase postgres;
    private static NetClient client;
    private static NetServer gate;
    private static Bus bus;

    /** The room reaches its database through a gate that the tests shut. */
    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        client = VERTX.createNetClient();
        gate = open(0);
        PgUri uri = postgres.uri();
        PgUri gated = new PgUri("127.0.0.1", gate.actualPort(), uri.database(), uri.user(), uri.password(), "disable");
        bus = new Bus(VERTX, InstantSource.system());
        await(bus.serve(
                Cascade.Ask.class,
                ask -> Future.succeededFuture(
                        new Cascade.Answer("42", true, Cascade.Level.L1, List.of(), List.of(), 1))));
        await(VERTX.deployVerticle(
                new ChatVerticle(bus, new PostgresChatStore(Database.open(VERTX, gated)), UUID::randomUUID)));
        assertEquals("42", say().answer().text());
    }

    @AfterAll
    static void stop() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @Test
    void aFullDiskAReadOnlyServerAndAFailingOneAreNamed() throws Exception {
        for (List<String> refusal : List.of(
                List.of("53100", "disk is full"),
                List.of("25006", "read-only"),
                List.of("53300", "connections"),
                List.of("58030", "cannot read or write"))) {
            postgres.execute("CREATE OR REPLACE FUNCTION chat.refuse() RETURNS trigger LANGUAGE plpgsql AS "
                    + "$$BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '" + refusal.get(0) + "'; END$$");
            postgres.execute("CREATE TRIGGER refuse BEFORE INSERT ON chat.message EXECUTE FUNCTION chat.refuse()");
            Fault fault = refused();
            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertTrue(fault.getMessage().contains(refusal.get(1)), fault.getMessage());
            postgres.execute("DROP TRIGGER refuse ON chat.message");
            assertEquals("42", say().answer().text());
        }
    }

    @Test
    void aLostConnectionIsAFaultAndTheNextIsMadeWhenTheServerIsBack() throws Exception {
        int port = gate.actualPort();
        await(gate.close());
        LINES.forEach(NetSocket::close);
        for (int i = 0; i < 3; i++)
            assertEquals(Fault.Kind.UNAVAILABLE, refused().kind());
        gate = open(port);
        assertEquals("42", say().answer().text());
    }

    @Test
    void aServerThatHangsIsLateAndAnswersWhenItGoesOn() throws Exception {
        signal("STOP");
        try {
            long begun = System.nanoTime();
            assertTrue(Set.of(Fault.Kind.LATE, Fault.Kind.UNAVAILABLE)
                    .contains(refused().kind()));
            assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(8), "it took longer than its bound");
        } finally {
            signal("CONT");
        }
        assertEquals("42", say().answer().text());
    }

    /** To the server and every process of it. */
    private static void signal(String signal) throws Exception {
        ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
        List<ProcessHandle> all = new java.util.ArrayList<>(server.descendants().toList());
        all.add(server);
        for (ProcessHandle process : all) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    private static NetServer open(int port) throws Exception {
        return await(VERTX.createNetServer()
                .connectHandler(line -> {
                    line.pause();
                    LINES.add(line);
                    client.connect(postgres.uri().port(), "127.0.0.1").onSuccess(server -> {
                        line.pipeTo(server);
                        server.pipeTo(line);
                    });
                })
                .listen(port, "127.0.0.1"));
    }

    private static Chat.Said say() throws Exception {
        return await(bus.ask(new Chat.Say("", "", "What is it?", Principal.GUEST)));
    }

    private static Fault refused() {
        ExecutionException refused = assertThrows(ExecutionException.class, DatabaseGoneTest::say);
        return assertInstanceOf(Fault.class, refused.getCause());
    }
}
