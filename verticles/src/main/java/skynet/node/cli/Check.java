package skynet.node.cli;

/** One line of {@code skynet doctor}: what was looked at, what was found and, unless all is well, what to do. */
record Check(Status status, String name, String found, String fix) {
    /** How a check went; its sign stands in front of the line. */
    enum Status {
        GOOD("✔"),
        DOUBTFUL("!"),
        BAD("✘");

        private final String sign;

        Status(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    static Check good(String name, String found) {
        return new Check(Status.GOOD, name, found, "");
    }

    static Check doubtful(String name, String found, String fix) {
        return new Check(Status.DOUBTFUL, name, found, fix);
    }

    static Check bad(String name, String found, String fix) {
        return new Check(Status.BAD, name, found, fix);
    }
}
