package skynet.dictionary.generator;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;

/** A file inside one of the pinned source jars on the class path. */
record Resource(String path) {

    static Resource languageTool(Language language, String name) {
        return new Resource("/org/languagetool/resource/" + language.code() + "/" + name);
    }

    InputStream open() throws IOException {
        InputStream in = Resource.class.getResourceAsStream(path);
        if (in == null) {
            throw new FileNotFoundException("source: " + path + " (expected: in a jar on the class path)");
        }
        return new BufferedInputStream(in);
    }

    List<String> lines(Charset charset) throws IOException {
        try (InputStream in = open()) {
            return new String(in.readAllBytes(), charset).lines().toList();
        }
    }
}
