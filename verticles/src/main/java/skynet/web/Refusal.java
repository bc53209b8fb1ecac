package skynet.web;

/** A request refused at the door, before any room was asked. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** After how many seconds to try again, where nothing else is known. */
    private static final int RETRY_SECONDS = 2;

    private final int status;
    private final String slug;
    private final String fix;
    private final int retrySeconds;

    Refusal(int status, String slug, String detail, String fix) {
        this(status, slug, detail, fix, RETRY_SECONDS);
    }

    /** A refusal that tells after how many seconds to try again. */
    Refusal(int status, String slug, String detail, String fix, int retrySeconds) {
        super(detail, null, false, false);
        this.status = status;
        this.slug = slug;
        this.fix = fix;
        this.retrySeconds = retrySeconds;
    }

    /** Somebody has asked too often. */
    static Refusal tooMany(String what, int retrySeconds) {
        return new Refusal(
                429,
                "throttled",
                what,
                "Wait as long as Retry-After says; who logs in is counted apart from others.",
                retrySeconds);
    }

    int status() {
        return status;
    }

    String slug() {
        return slug;
    }

    String fix() {
        return fix;
    }

    int retrySeconds() {
        return retrySeconds;
    }
}
