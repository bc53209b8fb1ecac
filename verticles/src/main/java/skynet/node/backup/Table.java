package skynet.node.backup;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.stream.Collectors;

/** A table and the columns that are written to it; computed ones are not among them. An older archive tells of no partition. */
record Table(String schema, String name, List<String> columns, Partition partition) {
    /** A table that is a part of none. */
    Table(String schema, String name, List<String> columns) {
        this(schema, name, columns, Partition.NONE);
    }

    @JsonCreator
    Table {
        partition = partition == null ? Partition.NONE : partition;
        columns = List.copyOf(columns);
    }

    /** The name for people and for the archive. */
    @JsonIgnore
    String label() {
        return schema + "." + name;
    }

    /** The name for SQL. */
    @JsonIgnore
    String quoted() {
        return quote(schema) + "." + quote(name);
    }

    /** The name with its columns for SQL. */
    @JsonIgnore
    String quotedWithColumns() {
        return quoted() + columns.stream().map(Table::quote).collect(Collectors.joining(", ", " (", ")"));
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
