package skynet.dictionary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The shipped table, unpacked once for all tests of this package. */
final class BundledTable {
    static final Path DIRECTORY = Path.of("target", "dictionary");
    static final CoordinateTable TABLE = open();

    private BundledTable() {}

    private static CoordinateTable open() {
        try {
            return CoordinateTable.openBundled(DIRECTORY);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
