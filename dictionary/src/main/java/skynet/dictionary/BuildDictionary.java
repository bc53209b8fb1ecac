package skynet.dictionary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Makes the pack of the generator's two lists: {@code BuildDictionary tokens.tsv links.tsv genom.pack}. */
public final class BuildDictionary {
    private BuildDictionary() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: BuildDictionary tokens.tsv links.tsv genom.pack");
            System.exit(64);
        }
        Path target = Path.of(arguments[2]);
        byte[] pack = PackWriter.write(TokenSource.read(Path.of(arguments[0]), Path.of(arguments[1])));
        String digest = HexFormat.of().formatHex(TableHeader.sha256().digest(pack));
        Files.write(target, pack);
        Files.writeString(
                target.resolveSibling(target.getFileName() + ".sha256"), digest + "  " + target.getFileName() + "\n");
        System.out.println(target.getFileName() + " " + pack.length + " bytes, SHA-256 " + digest);
    }
}
