package skynet.node.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Knowledge;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** A question with the id that a run names it by. */
record Query(String id, String text) {
    private static final int QUERIES_MAX = 1_000_000;

    /** The questions of a file, a line each: id, tab, text. Text beyond what the node takes is cut. */
    static List<Query> read(Path file) throws IOException {
        List<Query> queries = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String[] columns = line.split("\t", 2);
                String id = columns[0].strip();
                if (columns.length < 2 || columns[1].isBlank() || id.isEmpty() || id.contains(" ")) {
                    throw new StartFailure(
                            ExitCode.BAD_DATA,
                            "queries: line " + number + " of " + file + " is none (expected: an id, a tab, a text)",
                            "put one question on each line");
                }
                if (queries.size() == QUERIES_MAX) {
                    throw new StartFailure(
                            ExitCode.BAD_DATA, "queries: more than " + QUERIES_MAX, "give them in several files");
                }
                queries.add(new Query(id, cut(columns[1].strip())));
            }
        } catch (NoSuchFileException e) {
            throw new StartFailure(ExitCode.USAGE, "queries: " + file + " does not exist", "check the spelling", e);
        } catch (CharacterCodingException e) {
            throw new StartFailure(
                    ExitCode.BAD_DATA, "queries: " + file + " is not UTF-8", "convert it, for example with iconv", e);
        }
        return List.copyOf(queries);
    }

    private static String cut(String text) {
        return text.length() <= Knowledge.QUESTION_CHARS_MAX ? text : text.substring(0, Knowledge.QUESTION_CHARS_MAX);
    }
}
