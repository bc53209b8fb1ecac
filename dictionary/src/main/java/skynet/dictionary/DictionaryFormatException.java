package skynet.dictionary;

import java.io.IOException;

/** Says why a file is not a dictionary this code may trust. */
public final class DictionaryFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public DictionaryFormatException(String reason) {
        super(reason);
    }
}
