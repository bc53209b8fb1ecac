package skynet.node.backup;

/** Where a sequence stands; {@code used} tells whether that number was given out already. */
record Sequence(String schema, String name, long last, boolean used) {
    String quoted() {
        return Table.quote(schema) + "." + Table.quote(name);
    }
}
