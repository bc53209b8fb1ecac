package skynet.node.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far long work is, on standard error: a bar on a terminal, elsewhere one line for every ten per cent. */
final class Progress implements AutoCloseable {
    private static final int STEPS = 10;

    private final String task;
    private final long total;
    private final PrintWriter err;
    private final ProgressBar bar;
    private long done;

    Progress(String task, long total, Console console) {
        this.task = task;
        this.total = total;
        this.err = console.err();
        this.bar = console.errorIsTerminal()
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build()
                : null;
    }

    void step() {
        long before = done * STEPS / total;
        done++;
        if (bar != null) {
            bar.step();
        } else if (done * STEPS / total > before) {
            err.println(task + ": " + 100 * done / total + " % (" + done + " of " + total + ")");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
