package skynet.bus.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Stream;

class LinesTest {
    private static final Knowledge.Citation LONG =
            new Knowledge.Citation("a/b.md", "Příliš \"žluťoučký\" kůň\n", 3, 5, 9, "\uD83D\uDE00x\n".repeat(3_000));

    private final Lines lines = new Lines();

    @Test
    void whatIsTooLongForAFrameIsCutIntoSeveralAndPutTogetherAgain() {
        List<String> bodies = Lines.bodies(Lines.line(LONG));
        assertTrue(bodies.size() > 3);
        for (String body : bodies) {
            assertTrue(Stream.utf8Bytes(body) <= Stream.FRAME_BYTES_MAX);
        }
        for (String body : bodies.subList(0, bodies.size() - 1)) {
            assertEquals(Optional.empty(), lines.add(body));
        }
        assertEquals(
                LONG, Lines.citation(lines.add(bodies.get(bodies.size() - 1)).orElseThrow()));
    }

    @Test
    void theNextLineBeginsAnewAlsoAfterOneThatWasCutOff() {
        Cascade.Step step = new Cascade.Step(Cascade.Level.L1, Cascade.Outcome.MISS, 12, "why");
        assertEquals(Optional.empty(), lines.add("{\"level\":"));
        lines.reset();
        assertEquals(
                step,
                Lines.step(lines.add(Lines.bodies(Lines.line(step)).get(0)).orElseThrow()));
        Cascade.Usage usage = new Cascade.Usage(Cascade.Level.L4, true, 7);
        assertEquals(usage, Lines.usage(lines.add(Lines.line(usage) + "\n").orElseThrow()));
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> {
            for (int i = 0; i < 100; i++) {
                lines.add("x".repeat(1_000));
            }
        });
    }

    @Test
    void aFaultKeepsItsKindAndWhatIsNoneIsBroken() {
        Fault fault = Lines.fault(Lines.line(new Fault(Fault.Kind.LATE, "x".repeat(5_000))));
        assertEquals(Fault.Kind.LATE, fault.kind());
        assertTrue(Lines.line(fault).length() < 600);
        for (String none : List.of("", "{}", "{\"kind\":7}", "{\"kind\":\"NO\"}", "[]", "interrupted")) {
            assertEquals(Fault.Kind.BROKEN, Lines.fault(none).kind(), none);
        }
    }
}
