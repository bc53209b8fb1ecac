package skynet.dictionary.generator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All forms of one language, by canonical spelling. */
final class Lexicon {

    private final Language language;
    private final Map<String, Form> forms = new HashMap<>(1 << 18);

    Lexicon(Language language) {
        this.language = language;
    }

    Language language() {
        return language;
    }

    /** The form of this spelling, entered if new; nothing when the spelling cannot be a token. */
    Optional<Form> enter(String spelling) {
        return Spelling.canonical(spelling)
                .map(canonical -> forms.computeIfAbsent(canonical, key -> new Form(key, spelling)));
    }

    /** Elisions end in an apostrophe, which no other token may. */
    Form enterElision(String form) {
        return forms.computeIfAbsent(form, key -> new Form(key, form));
    }

    Optional<Form> find(String canonical) {
        return Optional.ofNullable(forms.get(canonical));
    }

    boolean knows(String canonical) {
        return forms.containsKey(canonical);
    }

    Iterable<Form> forms() {
        return forms.values();
    }

    /** A form deserves a place when running text attests it or a dictionary lists it; bare inflections do not. */
    List<Form> deserving() {
        List<Form> deserving = new ArrayList<>(forms.size());
        for (Form form : forms.values()) {
            if (form.isAttested() || form.isHeadword()) {
                deserving.add(form);
            }
        }
        return deserving;
    }
}
