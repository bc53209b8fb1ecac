package skynet.web;

/** A request refused at the door, before any room was asked. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String slug;
    private final String fix;

    Refusal(int status, String slug, String detail, String fix) {
        super(detail, null, false, false);
        this.status = status;
        this.slug = slug;
        this.fix = fix;
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
}
