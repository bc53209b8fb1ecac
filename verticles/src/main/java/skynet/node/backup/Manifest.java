package skynet.node.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * What an archive holds, written as its last entry.
 *
 * @param point the operator's name for the moment that the copy shows
 * @param takenAt that moment by the clock of the database, in ISO 8601: what was acknowledged before it is inside
 * @param schema the version of the newest migration that the database had seen
 * @param tables in an order in which no row comes before one that it refers to
 */
record Manifest(int format, String point, String takenAt, String schema, List<Entry> tables, List<Sequence> sequences) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** The rows of one table as an entry of the archive; the checksum is over them as they were before compression. */
    record Entry(Table table, long rows, long bytes, String sha256) {}

    Manifest {
        if (point == null || takenAt == null || schema == null) {
            throw new IllegalArgumentException("manifest: incomplete (expected: point, takenAt, schema)");
        }
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    long rows() {
        return tables.stream().mapToLong(Entry::rows).sum();
    }

    byte[] json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Manifest read(byte[] json) throws IOException {
        return JSON.readValue(json, Manifest.class);
    }
}
