package skynet.cascade;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skynet.bus.Knowledge.Citation;

/**
 * The passages that a pipeline has found, numbered from 1 in the order in which they came. At most {@value #PASSAGES_MAX}; the
 * same passage counts once.
 */
final class Evidence {
    static final int PASSAGES_MAX = 16;

    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,2}(?:\\s*,\\s*\\d{1,2})*)]");

    private final List<Citation> passages = new ArrayList<>();

    /** Takes passages in; tells how many were new. */
    int add(List<Citation> found) {
        int before = passages.size();
        for (Citation passage : found) {
            boolean known = passages.stream()
                    .anyMatch(one -> one.document().equals(passage.document())
                            && one.collection().equals(passage.collection())
                            && one.shared() == passage.shared()
                            && one.start() == passage.start());
            if (!known && passages.size() < PASSAGES_MAX) {
                passages.add(passage);
            }
        }
        return passages.size() - before;
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
                    .put("number", at + 1)
                    .put("title", passage.title())
                    .put("text", passage.text()));
        }
        return new JsonObject().put("untrusted", true).put("passages", all).encode();
    }

    /** The passages to which a text refers by their numbers, each once. */
    List<Citation> referredTo(String text) {
        List<Citation> cited = new ArrayList<>();
        Matcher mark = MARK.matcher(text);
        while (mark.find()) {
            for (String number : mark.group(1).split("\\s*,\\s*")) {
                int at = Integer.parseInt(number) - 1;
                boolean isOne = at >= 0 && at < passages.size();
                if (isOne && cited.stream().noneMatch(one -> one.mark() == at + 1)) {
                    cited.add(passages.get(at).marked(at + 1));
                }
            }
        }
        return cited;
    }
}
