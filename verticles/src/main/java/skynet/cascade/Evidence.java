package skynet.cascade;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Knowledge.Citation;

/**
 * The passages that were found for a model, numbered in the order in which they came. At most {@value #PASSAGES_MAX}; the same
 * passage counts once.
 */
final class Evidence {
    static final int PASSAGES_MAX = 16;

    private final List<Citation> passages = new ArrayList<>();
    private final int before;

    /** Numbered from 1. */
    Evidence() {
        this("");
    }

    /** Numbered behind all marks of a text that stands: another level gave it, from other passages. */
    Evidence(String said) {
        before = Marks.of(said).stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Takes passages in; tells how many were new. */
    int add(List<Citation> found) {
        int known = passages.size();
        for (Citation passage : found) {
            boolean isKnown = passages.stream()
                    .anyMatch(one -> one.document().equals(passage.document())
                            && one.collection().equals(passage.collection())
                            && one.shared() == passage.shared()
                            && one.start() == passage.start());
            if (!isKnown && passages.size() < PASSAGES_MAX) {
                passages.add(passage);
            }
        }
        return passages.size() - known;
    }

    int count() {
        return passages.size();
    }

    /** All of them for a model: as JSON, in which no text can pass for anything but text. */
    String json() {
        JsonArray all = new JsonArray();
        for (int at = 0; at < passages.size(); at++) {
            Citation passage = passages.get(at);
            all.add(new JsonObject()
                    .put("number", before + at + 1)
                    .put("title", passage.title())
                    .put("text", passage.text()));
        }
        return new JsonObject().put("untrusted", true).put("passages", all).encode();
    }

    /** The passages with these numbers, each once; there may be none with a number. */
    List<Citation> of(List<Integer> numbers) {
        return numbers.stream()
                .distinct()
                .filter(number -> number > before && number <= before + passages.size())
                .map(number -> passages.get(number - before - 1).marked(number))
                .toList();
    }

    /** The passages to which a text refers by their numbers, each once. */
    List<Citation> referredTo(String text) {
        return of(Marks.of(text));
    }

    /** All of them. */
    List<Citation> passages() {
        return List.copyOf(passages);
    }
}
