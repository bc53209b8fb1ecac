package skynet.kit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** An allowance for each of many who are told apart by a key; the one not heard of for longest is forgotten first. One thread. */
public final class Allowances {
    private final int keysMax;
    private final Map<String, Allowance> kept = new LinkedHashMap<>();

    public Allowances(int keysMax) {
        this.keysMax = keysMax;
    }

    /** The allowance of a key, a fresh one when it was not heard of. */
    public Allowance of(String key, Supplier<Allowance> fresh) {
        Allowance before = kept.remove(key);
        Allowance allowance = before == null ? fresh.get() : before;
        kept.put(key, allowance);
        if (kept.size() > keysMax) {
            Iterator<String> eldest = kept.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return allowance;
    }

    /** How many are kept. */
    public int size() {
        return kept.size();
    }
}
