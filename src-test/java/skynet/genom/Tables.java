package skynet.genom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import skynet.dictionary.CoordinateTable;

/** The bundled dictionary, unpacked once and shared by all tests of this room; it stays open until the JVM ends. */
final class Tables {
    private static CoordinateTable table;

    private Tables() {}

    static synchronized CoordinateTable open() throws IOException {
        if (table == null) {
            Path directory = Path.of("target", "dictionary");
            Files.createDirectories(directory);
            table = CoordinateTable.openBundled(directory);
        }
        return table;
    }
}
