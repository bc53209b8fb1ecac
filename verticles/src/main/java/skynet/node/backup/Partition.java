package skynet.node.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.regex.Pattern;

/**
 * That a table holds a range of the rows of another one. It is made where it is missing: which ranges there are changes with
 * the days, not with the schema.
 *
 * @param schema that of both
 * @param of the table of which it is a part; empty for a table that is a part of none
 * @param bounds as PostgreSQL tells them, such as {@code FOR VALUES FROM ('2026-11-21 00:00:00+00') TO ('…')}
 */
record Partition(String schema, String of, String bounds) {
    /** A table that is a part of none. */
    static final Partition NONE = new Partition("", "", "");

    /** What an archive may say here; it becomes a part of a statement. */
    private static final Pattern RANGE =
            Pattern.compile("FOR VALUES FROM \\('[0-9 :.+-]{1,40}'\\) TO \\('[0-9 :.+-]{1,40}'\\)");

    Partition {
        if (!of.isEmpty() && !RANGE.matcher(bounds).matches()) {
            throw new IllegalArgumentException("partition of " + of + ": no range (expected: FOR VALUES FROM … TO …)");
        }
    }

    @JsonIgnore
    boolean isNone() {
        return of.isEmpty();
    }

    /** The end of the statement that makes it. */
    @JsonIgnore
    String clause() {
        return "PARTITION OF " + Table.quote(schema) + "." + Table.quote(of) + " " + bounds;
    }
}
