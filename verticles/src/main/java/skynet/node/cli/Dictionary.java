package skynet.node.cli;

import static skynet.kit.ExitCode.FAILED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.DictionaryFormatException;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;

/** The dictionary of the data directory, for commands that work without a node. */
final class Dictionary {
    private final Path directory;

    Dictionary(Settings settings) {
        this.directory = NodeConfig.of(settings).dataDir().resolve("dictionary");
    }

    Path directory() {
        return directory;
    }

    /** Opens the dictionary, which is unpacked at the first time. */
    CoordinateTable open() {
        try {
            return CoordinateTable.openBundled(directory);
        } catch (DictionaryFormatException e) {
            throw damaged(e.getMessage(), e);
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED,
                    "dictionary: cannot be opened in " + directory + ": " + e.getMessage(),
                    "make room and check who may write there, or choose another --data-dir",
                    e);
        }
    }

    /** Returns the table files that are there; none before the first use. */
    List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".table"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED, "dictionary: cannot read " + directory + ": " + e.getMessage(), "check who may read it", e);
        }
    }

    /** Reads every byte of every table file and compares it with its checksum; nothing is repaired. */
    void verify() {
        for (Path file : files()) {
            try {
                CoordinateTable.open(file).close();
            } catch (IOException e) {
                throw damaged(e.getMessage(), e);
            }
        }
    }

    private static StartFailure damaged(String reason, IOException cause) {
        return new StartFailure(
                FAILED,
                "dictionary: " + reason,
                "delete the file: it is made anew from the JAR at the next start",
                cause);
    }
}
