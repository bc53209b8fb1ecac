package skynet.kit;

import static java.util.Objects.requireNonNull;

/** Why a command or a node cannot start: an exit code, one line that names the cause and one that says what to do. */
public final class StartFailure extends RuntimeException {
    private final int exitCode;
    private final String fix;

    public StartFailure(int exitCode, String message, String fix) {
        this(exitCode, message, fix, null);
    }

    public StartFailure(int exitCode, String message, String fix, Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        if (exitCode < 1 || exitCode > 255) {
            throw new IllegalArgumentException("exitCode: " + exitCode + " (expected: 1 to 255)");
        }
        this.exitCode = exitCode;
        this.fix = requireNonNull(fix, "fix");
    }

    public int exitCode() {
        return exitCode;
    }

    /** Returns what the operator can do about it, without a prefix. */
    public String fix() {
        return fix;
    }
}
