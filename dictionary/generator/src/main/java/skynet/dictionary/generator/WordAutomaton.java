package skynet.dictionary.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.function.ObjIntConsumer;
import morfologik.fsa.FSA;

/**
 * A word list kept as a finite-state automaton. An entry is the word, a separator and, where the source counts words,
 * a last byte 'A' (never seen) to 'Z' (everywhere).
 */
record WordAutomaton(Resource resource, char separator, Charset charset) {

    private static final int CLASSES = 26;

    /** Hands over each word with its frequency class, 0 to 25. */
    void forEach(ObjIntConsumer<String> words) throws IOException {
        FSA automaton;
        try (InputStream in = resource.open()) {
            automaton = FSA.read(in);
        }
        for (ByteBuffer entry : automaton.getSequences()) {
            byte[] bytes = entry.array();
            int first = entry.arrayOffset() + entry.position();
            int length = entry.remaining();
            int word = 0;
            while (word < length && bytes[first + word] != separator) {
                word++;
            }
            int seen = word < length - 1 ? bytes[first + length - 1] - 'A' : 0;
            words.accept(new String(bytes, first, word, charset), seen > 0 && seen < CLASSES ? seen : 0);
        }
    }
}
