package skynet.bus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** All words and their wire names, found by walking the sealed tree, so that nobody can forget to register one. */
public final class Catalog {
    private final Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
    private final Map<Class<?>, String> names = new LinkedHashMap<>();
    private final Map<Class<?>, Reach> reaches = new LinkedHashMap<>();

    public Catalog() {
        walk(BusMessage.class);
    }

    /** The permanent name of a word. */
    public String nameOf(Class<?> type) {
        String name = names.get(type);
        if (name == null) {
            throw new IllegalArgumentException(type.getName() + ": not a word of the bus");
        }
        return name;
    }

    /** The word of a permanent name. */
    public Class<? extends Record> typeOf(String name) {
        Class<? extends Record> type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException("wire name: " + name + " (expected: one of " + types.size() + " known)");
        }
        return type;
    }

    /** Every wire name and its word. */
    public Map<String, Class<? extends Record>> types() {
        return Collections.unmodifiableMap(types);
    }

    /** How far a request of this kind may travel. */
    public Reach reachOf(Class<?> type) {
        nameOf(type);
        return reaches.get(type);
    }

    private void walk(Class<?> type) {
        if (type.isRecord()) {
            register(type.asSubclass(Record.class));
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            walk(permitted);
        }
    }

    private void register(Class<? extends Record> type) {
        Wire wire = type.getAnnotation(Wire.class);
        if (wire == null) {
            throw new IllegalStateException(type.getName() + ": no @Wire name");
        }
        if (types.putIfAbsent(wire.value(), type) != null) {
            throw new IllegalStateException(type.getName() + ": wire name " + wire.value() + " is taken");
        }
        names.put(type, wire.value());
        reaches.put(type, wire.reach());
    }
}
