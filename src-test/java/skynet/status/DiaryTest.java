package skynet.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skynet.bus.Status;

class DiaryTest {
    private static final int DAY = 20_000;
    private static final Instant MORNING = Instant.ofEpochSecond(DAY * 86_400L);

    private final Diary diary = new Diary();

    @Test
    void theTimeBetweenTwoLooksCountsForWhatTheLaterOneSaw() {
        look(0, true);
        look(15, true);
        look(30, false);
        assertEquals(List.of(new Status.Day(DAY, 15, 15)), diary.days("postgres"));
    }

    @Test
    void nobodyWatchedBeforeTheFirstLook() {
        look(15, true);
        assertEquals(List.of(), diary.days("postgres"));
    }

    @Test
    void aPauseThatIsTooLongCountsForNothing() {
        look(0, true);
        look(Diary.PAUSE_SECONDS_MAX, true);
        look(2 * Diary.PAUSE_SECONDS_MAX + 1, true);
        assertEquals(List.of(new Status.Day(DAY, Diary.PAUSE_SECONDS_MAX, 0)), diary.days("postgres"));
    }

    @Test
    void aClockThatRanBackwardsCountsForNothing() {
        look(30, true);
        look(10, true);
        look(25, true);
        assertEquals(List.of(new Status.Day(DAY, 15, 0)), diary.days("postgres"));
    }

    @Test
    void midnightDividesTheTime() {
        look(86_390, true);
        look(86_405, true);
        assertEquals(List.of(new Status.Day(DAY, 10, 0), new Status.Day(DAY + 1, 5, 0)), diary.days("postgres"));
    }

    @Test
    void aDayHasNoMoreSecondsThanADay() {
        diary.recall("postgres", new Status.Day(DAY, 86_395, 0));
        look(0, false);
        look(15, false);
        assertEquals(List.of(new Status.Day(DAY, 86_395, 5)), diary.days("postgres"));
    }

    @Test
    void onlyTheLastDaysAreKept() {
        for (int day = 0; day < Status.DAYS + 5; day++) {
            diary.recall("postgres", new Status.Day(DAY + day, 1, 0));
        }
        List<Status.Day> days = diary.days("postgres");
        assertEquals(Status.DAYS, days.size());
        assertEquals(DAY + 5, days.get(0).epochDay());
    }

    @Test
    void whatWasWrittenDownIsNotWrittenAgainUntilItChanges() {
        look(0, true);
        look(15, true);
        Map<String, List<Status.Day>> changed = diary.changed();
        assertEquals(Map.of("postgres", List.of(new Status.Day(DAY, 15, 0))), changed);
        assertTrue(diary.changed().isEmpty());
        diary.unsaved(changed);
        assertEquals(changed, diary.changed());
    }

    private void look(int second, boolean up) {
        diary.note(MORNING.plusSeconds(second), Map.of("postgres", up));
    }
}
