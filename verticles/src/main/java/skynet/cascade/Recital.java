package skynet.cascade;

import skynet.bus.Cascade.Answer;

/** Says an answer that is known as a whole, as fast as it is heard. */
final class Recital {
    /** At most so many characters at once. */
    private static final int CHUNK_CHARS = 2_000;

    private final Answer answer;
    private final String finish;
    private final Telling told;
    private int said;
    private boolean held;
    private boolean speaking;
    private boolean over;

    Recital(Answer answer, Telling told) {
        this(answer, "stop", told);
    }

    /** One that ends for a reason of its own, such as {@code length}. */
    Recital(Answer answer, String finish, Telling told) {
        this.finish = finish;
        this.answer = answer;
        this.told = told;
    }

    void hold() {
        held = true;
    }

    void goOn() {
        held = false;
        speak();
    }

    void end() {
        over = true;
    }

    private void speak() {
        if (speaking) {
            return;
        }
        speaking = true;
        String text = answer.text();
        while (!held && !over && said < text.length()) {
            int end = Math.min(text.length(), said + CHUNK_CHARS);
            String chunk = text.substring(said, end);
            said = end;
            told.text(chunk);
        }
        speaking = false;
        if (!held && !over) {
            over = true;
            answer.citations().forEach(told::cite);
            told.end(finish);
        }
    }
}
