package skynet.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Status;

class PacesTest {
    private static final long BEGIN = 20_000L * Status.PACE_SECONDS;

    private final Paces paces = new Paces();

    @Test
    void aStepTellsItsMeanAndItsMost() {
        note(0, 100);
        note(15, 500);
        note(Status.PACE_SECONDS - 1, 300);
        assertEquals(List.of(new Status.Pace(BEGIN, 300, 500)), paces.of(at(Status.PACE_SECONDS - 1), "postgres"));
    }

    @Test
    void whereNobodyWatchedThereIsNoStep() {
        note(0, 100);
        note(3 * Status.PACE_SECONDS, 200);
        assertEquals(
                List.of(new Status.Pace(BEGIN, 100, 100), new Status.Pace(BEGIN + 3 * Status.PACE_SECONDS, 200, 200)),
                paces.of(at(3 * Status.PACE_SECONDS), "postgres"));
    }

    @Test
    void noMoreStepsAreKeptThanAreTold() {
        for (int step = 0; step < Status.PACES + 10; step++) {
            note(step * Status.PACE_SECONDS, step);
        }
        List<Status.Pace> told = paces.of(at((Status.PACES + 9) * Status.PACE_SECONDS), "postgres");
        assertEquals(Status.PACES, told.size());
        assertEquals(10, told.get(0).meanMicros());
    }

    @Test
    void whatIsTooOldIsNotToldAlthoughNothingNewWasNoted() {
        note(0, 100);
        assertEquals(
                1,
                paces.of(at((Status.PACES - 1) * Status.PACE_SECONDS), "postgres")
                        .size());
        assertEquals(List.of(), paces.of(at(Status.PACES * Status.PACE_SECONDS), "postgres"));
    }

    private void note(int seconds, int micros) {
        paces.note(at(seconds), "postgres", micros);
    }

    private static Instant at(int seconds) {
        return Instant.ofEpochSecond(BEGIN + seconds);
    }
}
