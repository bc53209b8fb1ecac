package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said about tools: small pieces of work that a model, a program or a person asks for by name. None of them changes
 * anything; some ask outside this node, and are kept from doing so once foreign text has been read.
 */
public sealed interface Tools extends BusMessage {
    /** Longest arguments of one use, in UTF-16 characters of JSON. */
    int ARGUMENTS_CHARS_MAX = 8_000;

    /** Longest content that a use gives, in UTF-16 characters of JSON: it fits into a frame of the bus. */
    int CONTENT_CHARS_MAX = 16_000;

    /** Asks which tools there are. */
    @Wire(value = "tools.list", reach = Reach.THIS_NODE)
    record ListTools() implements Tools, Request<Listed> {}

    @Wire("tools.listed")
    record Listed(List<Tool> tools) implements Tools {
        public Listed {
            tools = List.copyOf(tools);
        }
    }

    /**
     * A tool as whoever may use it needs to know it.
     *
     * @param schema JSON Schema of its arguments, as JSON
     * @param outward whether it sends what it is given to somebody outside this node
     * @param note what it cannot do as this node is set; empty when it can do all
     */
    record Tool(String name, String title, String description, String schema, boolean outward, String note) {}

    /**
     * Uses a tool. Fails with ABSENT when there is none of this name, INVALID for arguments that it does not take, UNAVAILABLE
     * where it is not set up, DENIED where it would send outside what foreign text may have made up.
     *
     * @param arguments one JSON object
     * @param tenant on whose behalf; no other tenant's documents are read
     * @param foreignRead whether whoever decided on this use had read text of others before: then nothing leaves this node
     */
    @Wire(value = "tools.use", reach = Reach.THIS_NODE)
    record Use(String name, String arguments, String tenant, boolean foreignRead) implements Tools, Request<Used> {
        public Use {
            if (name.isBlank() || name.length() > 100) {
                throw new IllegalArgumentException(
                        "name: " + name.length() + " characters (expected: 1 to 100, not blank)");
            }
            if (arguments.length() > ARGUMENTS_CHARS_MAX) {
                throw new TooLarge("arguments: " + arguments.length() + " characters (expected: at most "
                        + ARGUMENTS_CHARS_MAX + ")");
            }
            if (tenant.isBlank() || tenant.length() > 200) {
                throw new IllegalArgumentException(
                        "tenant: " + tenant.length() + " characters (expected: 1 to 200, not blank)");
            }
        }
    }

    /**
     * What a tool gave.
     *
     * @param content one JSON object
     * @param source where it is from
     * @param passages where its texts stand in this node's documents, in the order of the content
     */
    @Wire("tools.used")
    record Used(String content, Source source, long millis, List<Knowledge.Citation> passages) implements Tools {
        public Used {
            Objects.requireNonNull(source, "source");
            passages = List.copyOf(passages);
            if (content.length() > CONTENT_CHARS_MAX) {
                throw new TooLarge(
                        "content: " + content.length() + " characters (expected: at most " + CONTENT_CHARS_MAX + ")");
            }
        }
    }

    /** Where the content of a tool is from. The order is part of the wire: append only. */
    enum Source {
        /** Worked out by this node from the arguments alone. */
        NODE,
        /** Out of documents: somebody else's words, to be read as data and never as orders. */
        DOCUMENTS,
        /** From a provider outside: the same, and from further away. */
        OUTSIDE;

        /** Whether it may hold words of others. */
        public boolean isForeign() {
            return this != NODE;
        }
    }
}
