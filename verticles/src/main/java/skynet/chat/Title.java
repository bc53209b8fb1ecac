package skynet.chat;

/** What a conversation is called until somebody gives it another title: the beginning of its first question. */
final class Title {
    private static final int CHARS_MAX = 80;
    private static final int WORD_CHARS_MAX = 30;

    private Title() {}

    static String of(String question) {
        String line = question.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.length() <= CHARS_MAX) {
            return line;
        }
        int space = line.lastIndexOf(' ', CHARS_MAX - 1);
        int end = space > CHARS_MAX - WORD_CHARS_MAX ? space : CHARS_MAX - 1;
        return line.substring(0, Character.isLowSurrogate(line.charAt(end)) ? end - 1 : end) + "…";
    }
}
