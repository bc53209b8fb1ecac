package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Status;

class StatusSentenceTest {
    private static final Status.Part WELL = new Status.Part("dictionary", true, "", List.of(), 1, List.of());
    private static final Status.Part ILL = new Status.Part("postgres", false, "no answer", List.of(), 1, List.of());

    @Test
    void oneSentenceSaysHowTheNodeIs() {
        assertEquals("All 2 parts work", sentence(false, WELL, WELL));
        assertEquals("1 of 2 parts does not work: postgres", sentence(false, WELL, ILL));
        assertEquals("2 of 2 parts do not work: postgres, postgres", sentence(false, ILL, ILL));
        assertEquals("This node is stopping: it finishes what it has", sentence(true, WELL, WELL));
    }

    private static String sentence(boolean draining, Status.Part... parts) {
        return StatusRoutes.sentence(new Status.Seen(1, "test", 0, 0, draining, List.of(parts)));
    }
}
