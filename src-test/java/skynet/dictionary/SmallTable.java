package skynet.dictionary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A table of a few tokens, made by the same code as the large one. */
final class SmallTable {
    private static final List<String> TOKENS = List.of(
            "the\ten\t1\tfunction\t7\tthe\tother\t0\tpos",
            "world\ten\t1\tconcept\t11\tworld\tnoun\t0\twordnet",
            "dog\ten\t1\tanimal\t20\tdog\tnoun\t0\twordnet",
            "dogs\ten\t1\tanimal\t20\tdog\tnoun\t0\tlemma",
            "pes\tcs\t2\tanimal\t20\tpes\tnoun\t0\tlink",
            "hello\ten\t1\tsocial\t3\thello\tother\t0\tcurated",
            "ahoj\tcs\t2\tsocial\t3\tahoj\tother\t0\tlink",
            "praha\tcs\t2\tplace\t5\tpraha\tnoun\t1\tpos",
            "hello world\ten\t1\tconcept\t12\thello world\tnoun\t0\twordnet",
            "nejneobhospodařovávatelnější\tcs\t2\tquality\t9\tnejneobhospodařovávatelnější\tother\t0\tpos",
            "abcdefghijklm\ten\t1\tname\t1\tabcdefghijklm\tnoun\t0\tpos",
            "abcdefghijklmn\ten\t1\tname\t1\tabcdefghijklm\tnoun\t0\tpos",
            "abcdefghijklmnop\ten\t1\tname\t1\tabcdefghijklmnop\tnoun\t0\tpos",
            "abcdefghijklmnopq\ten\t1\tname\t1\tabcdefghijklmnopq\tnoun\t0\tpos",
            "run\ten\t3\tmotion\t4\trun\tverb\t0\twordnet");
    private static final List<String> LINKS =
            List.of("4\t2\tcsen", "5\t6\tencs", "2\t4\tencs", "14\t4\tencs", "14\t4\tcscs");

    private SmallTable() {}

    static Lexicon lexicon(Path directory) throws IOException {
        Path tokens = Files.write(directory.resolve("tokens.tsv"), TOKENS);
        Path links = Files.write(directory.resolve("links.tsv"), LINKS);
        return TokenSource.read(tokens, links);
    }

    static byte[] pack(Path directory) throws IOException {
        return PackWriter.write(lexicon(directory));
    }

    static byte[] bytes(Path directory) throws IOException {
        return TableBuilder.build(pack(directory));
    }

    static CoordinateTable open(Path directory) throws IOException {
        return CoordinateTable.over(ByteBuffer.wrap(bytes(directory)));
    }
}
