package skynet.house.bad;

import java.util.List;

@SuppressWarnings("unused")
final class SilentRoom {
    /** A field that says more than its class. */
    private List<String> words;
}
