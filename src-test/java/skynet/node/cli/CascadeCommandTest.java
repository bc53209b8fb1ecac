package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.ExitCode;

/** {@code skynet cascade route}: prompts in, scores out, and what is said about bad lines. */
class CascadeCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path temporary;

    @Test
    void eachPromptGetsALineInTheOrderOfTheFile() throws Exception {
        Path in = write(
                "\uFEFF{\"id\":\"easy\",\"prompt\":\"Hi!\"}\r\n",
                "\n",
                "{\"id\":\"a,\\\"b\",\"prompt\":\"Prove that e is irrational, step by step.\",\"more\":[1]}\n",
                "{\"id\":7,\"prompt\":\"\"}");
        Path scores = temporary.resolve("scores.csv");
        assertEquals(ExitCode.OK, run("cascade", "route", "--in", in.toString(), "--out", scores.toString()));
        List<String> lines = Files.readAllLines(scores);
        assertEquals("id,score", lines.get(0));
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).matches("easy,0\\.\\d{9}"), lines.get(1));
        assertTrue(lines.get(2).startsWith("\"a,\"\"b\",0."), lines.get(2));
        assertTrue(lines.get(3).startsWith("7,"), lines.get(3));
        assertTrue(score(lines.get(2)) > score(lines.get(1)));
        assertEquals("3 prompts scored in " + scores + "\n", err.toString());
        String first = Files.readString(scores);
        run("cascade", "route", "--in", in.toString(), "--out", scores.toString());
        assertEquals(first, Files.readString(scores));
    }

    @Test
    void aBadLineIsNamedAndTheFormerScoresStay() throws Exception {
        Path scores = Files.writeString(temporary.resolve("scores.csv"), "before");
        for (Map.Entry<String, String> bad : Map.of(
                        "{\"id\":\"x\"}", ":2: prompt: missing",
                        "{\"prompt\":\"x\"}", ":2: id: missing",
                        "{\"id\":\"x\",\"prompt\":[]}", ":2: prompt: no text",
                        "not json", ":2: no JSON object",
                        "[1]", ":2: no JSON object",
                        "{\"id\":\"x\",\"prompt\":\"cut", ":2: no JSON object")
                .entrySet()) {
            Path in = write("{\"id\":\"1\",\"prompt\":\"fine\"}\n", bad.getKey() + "\n");
            assertEquals(ExitCode.BAD_DATA, run("cascade", "route", "--in", in.toString(), "--out", scores.toString()));
            assertTrue(err.toString().contains(in + bad.getValue()), err.toString());
            assertEquals("before", Files.readString(scores));
        }
        assertFalse(Files.exists(temporary.resolve("scores.csv.part")));
    }

    @Test
    void bytesThatAreNoTextAndLinesThatAreTooLongAreNamed() throws Exception {
        Path in = Files.write(temporary.resolve("prompts.jsonl"), new byte[] {'{', (byte) 0xff, '}'});
        assertEquals(ExitCode.BAD_DATA, run("cascade", "route", "--in", in.toString()));
        assertTrue(err.toString().contains(":1: not UTF-8"), err.toString());
        Files.writeString(in, "{\"id\":\"" + "x".repeat(JsonLines.LINE_BYTES_MAX));
        assertEquals(ExitCode.BAD_DATA, run("cascade", "route", "--in", in.toString()));
        assertTrue(err.toString().contains(":1: more than 8388608 bytes"), err.toString());
    }

    @Test
    void aMissingFileOrOptionIsMisuse() {
        assertEquals(
                ExitCode.USAGE,
                run("cascade", "route", "--in", temporary.resolve("no").toString()));
        assertTrue(err.toString().contains("not a file that can be read"), err.toString());
        assertEquals(ExitCode.USAGE, run("cascade", "route"));
        assertEquals(ExitCode.USAGE, run("cascade"));
        assertEquals(ExitCode.FAILED, run("cascade", "route", "--in", "-", "--out", temporary + "/no/scores.csv"));
    }

    @Test
    void standardInputAndOutputAreAFileToo() {
        assertEquals(ExitCode.OK, run("cascade", "route", "--in", "-", "--out", "-"));
        assertTrue(out.toString().matches("id,score\n1,0\\.\\d{9}\n"), out.toString());
    }

    @Test
    void aFileOfManyPromptsIsNotHeldInMemory() throws Exception {
        Path in = temporary.resolve("many.jsonl");
        String prompt = "word ".repeat(2_000);
        try (BufferedWriter writer = Files.newBufferedWriter(in)) {
            for (int i = 0; i < 3_000; i++) {
                writer.write("{\"id\":\"" + i + "\",\"prompt\":\"" + prompt + "\"}\n");
            }
        }
        Path scores = temporary.resolve("scores.csv");
        assertEquals(ExitCode.OK, run("cascade", "route", "--in", in.toString(), "--out", scores.toString()));
        assertEquals(3_001, Files.readAllLines(scores).size());
    }

    private static double score(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
    }

    private Path write(String... lines) throws Exception {
        return Files.writeString(temporary.resolve("prompts.jsonl"), String.join("", lines));
    }

    private int run(String... arguments) {
        Console console = new Console(
                Map.of("SKYNET_DATA_DIR", temporary.toString()),
                new ByteArrayInputStream("{\"id\":\"1\",\"prompt\":\"Hi\"}".getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return SkynetCommand.run(console, settings -> ExitCode.OK, arguments);
    }
}
