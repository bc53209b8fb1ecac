package skynet.web;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The text of an answer that cannot be taken back once it was told. Where another attempt voids its end, the new end is left
 * out as far as it says the same; when it says something else, the rest of the answer is lost.
 */
final class TextSoFar {
    /** Pieces that may be voided: an owner keeps what it sent within a second or so. */
    private static final int PIECES_MAX = 4_096;

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final StringBuilder again = new StringBuilder();
    private int matched;
    private boolean lost;

    /** One piece by its number. */
    private record Piece(long seq, String text) {}

    /** Takes the next piece; gives what of it is new. */
    String take(long seq, String text) {
        if (lost) {
            return "";
        }
        int same = Math.min(text.length(), again.length() - matched);
        if (!again.substring(matched, matched + same).equals(text.substring(0, same))) {
            lost = true;
            return "";
        }
        matched += same;
        if (matched == again.length()) {
            again.setLength(0);
            matched = 0;
        }
        pieces.addLast(new Piece(seq, text));
        if (pieces.size() > PIECES_MAX) {
            pieces.removeFirst();
        }
        return text.substring(same);
    }

    /** What was told from this number on is void, and comes again or not. */
    void voidFrom(long seq) {
        StringBuilder undone = new StringBuilder();
        while (!pieces.isEmpty() && pieces.peekLast().seq() >= seq) {
            undone.insert(0, pieces.removeLast().text());
        }
        // What was to come again after this is still told, and still to come again.
        again.delete(0, matched);
        again.insert(0, undone);
        matched = 0;
    }

    /** Whether the answer went another way than what was told. */
    boolean isLost() {
        return lost;
    }

    /** Whether something was told that did not come again: at the end, that is as good as lost. */
    boolean isOpen() {
        return again.length() > 0;
    }
}
