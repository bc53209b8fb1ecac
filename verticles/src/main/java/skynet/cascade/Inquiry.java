package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/** One question to a model within a level that asks several: its answer as a whole, with what it cost. */
final class Inquiry implements Telling {
    /** Longest answer that is waited for; a model that says more has not understood. */
    static final int CHARS_MAX = 64 << 10;

    private final StringBuilder text = new StringBuilder();
    private final Promise<Reply> reply = Promise.promise();
    private final Flow flow;
    private String upstream = "";
    private String model = "";
    private String calls = "";
    private int tokensIn;
    private int tokensOut;

    private Inquiry(Flow flow) {
        this.flow = flow;
    }

    /**
     * What a model replied.
     *
     * @param calls the tools that it wants called, as a JSON array; else empty
     * @param finish why it ended
     */
    record Reply(
            String text, String calls, String upstream, String model, int tokensIn, int tokensOut, String finish) {}

    /** Asks; fails with the {@link Fault} of the model, or when it passes: ABSENT when it has nothing to say. */
    static Future<Reply> ask(Flow flow) {
        Inquiry inquiry = new Inquiry(flow);
        flow.begin(inquiry);
        return inquiry.reply.future();
    }

    @Override
    public void answers(String why) {
        // Said by its first text.
    }

    @Override
    public void from(String name, String of) {
        upstream = name;
        model = of;
    }

    @Override
    public void used(int in, int out) {
        tokensIn = in;
        tokensOut = out;
    }

    @Override
    public void calls(String all) {
        calls = all;
    }

    @Override
    public void text(String chunk) {
        text.append(chunk);
        if (text.length() > CHARS_MAX && !reply.future().isComplete()) {
            flow.cancel("length");
            reply.tryFail(new Fault(Fault.Kind.TOO_LARGE, "model: more than " + CHARS_MAX + " characters of a draft"));
        }
    }

    @Override
    public void cite(Citation citation) {
        // Models cite nothing themselves.
    }

    @Override
    public void end(String reason) {
        reply.tryComplete(new Reply(text.toString(), calls, upstream, model, tokensIn, tokensOut, reason));
    }

    @Override
    public void passes(Outcome outcome, String reason) {
        reply.tryFail(new Fault(outcome == Outcome.MISS ? Fault.Kind.ABSENT : Fault.Kind.UNAVAILABLE, reason));
    }

    @Override
    public void fails(Fault fault) {
        reply.tryFail(fault);
    }
}
