package skynet.knowledge;

/** A half-open range of UTF-16 positions in some text. */
record Span(int start, int end) {

    Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span: " + start + ".." + end + " (expected: 0 <= start <= end)");
        }
    }

    int length() {
        return end - start;
    }

    Span shift(int by) {
        return new Span(start + by, end + by);
    }

    String of(String text) {
        return text.substring(start, end);
    }

    /** The same range without white space at either side; empty when nothing else is inside. */
    Span strip(String text) {
        int first = start;
        int last = end;
        while (first < last && Character.isWhitespace(text.charAt(first))) first++;
        while (last > first && Character.isWhitespace(text.charAt(last - 1))) last--;
        return new Span(first, last);
    }
}
