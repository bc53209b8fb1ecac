package skynet.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import skynet.bus.Knowledge;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.knowledge.Document;

/** A file of documents, one a line: {@code {"id","title","text"}}. Title may be missing; other fields are not looked at. */
final class DocumentLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TITLE_CHARS_MAX = 500;

    private DocumentLines() {}

    /** How many documents a file holds: its lines that are not blank. */
    static long count(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return lines.lines().filter(line -> !line.isBlank()).count();
        } catch (java.io.UncheckedIOException | CharacterCodingException e) {
            throw notText(file, e);
        }
    }

    /** Hands over each document; a line that holds none is skipped, and told. */
    static void read(Path file, Delivery delivery, Progress progress) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                try {
                    delivery.add(document(line));
                } catch (IllegalArgumentException e) {
                    delivery.skip(file.getFileName() + " line " + number + ": " + e.getMessage());
                }
                progress.step();
            }
        } catch (CharacterCodingException e) {
            throw notText(file, e);
        }
    }

    private static Document document(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON (expected: one object)", e);
        }
        String id = json.hasNonNull("id")
                ? json.path("id").asText()
                : json.path("_id").asText();
        String title = json.path("title").asText().strip();
        String text = json.path("text").asText();
        if (id.isBlank() || id.length() > 500) {
            throw new IllegalArgumentException("id: " + id.length() + " characters (expected: 1 to 500)");
        }
        if (text.isBlank() && title.isBlank()) {
            throw new IllegalArgumentException(id + ": neither title nor text (expected: some words)");
        }
        if (text.length() > Knowledge.DOCUMENT_CHARS_MAX) {
            throw new IllegalArgumentException(id + ": more than " + Knowledge.DOCUMENT_CHARS_MAX + " characters");
        }
        String shown = title.length() > TITLE_CHARS_MAX ? title.substring(0, TITLE_CHARS_MAX) : title;
        return new Document(id, shown.isEmpty() ? id : shown, text.isBlank() ? title : text);
    }

    private static StartFailure notText(Path file, Exception cause) {
        return new StartFailure(
                ExitCode.BAD_DATA,
                "file: " + file + " is not UTF-8",
                "convert it, for example with iconv -t UTF-8",
                cause);
    }
}
