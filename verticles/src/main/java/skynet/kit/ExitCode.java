package skynet.kit;

/** The exit codes of the command line; the numbers above 64 are those of {@code sysexits.h}. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** A file given to read is not what it should be: altered, cut short, or of another kind. */
    public static final int BAD_DATA = 65;
    /** No node answers at the address tried. */
    public static final int UNREACHABLE = 69;
    /** Nothing is wrong, but not now: try later. */
    public static final int TRY_LATER = 75;

    public static final int NOT_ALLOWED = 77;
    public static final int BAD_SETTINGS = 78;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
