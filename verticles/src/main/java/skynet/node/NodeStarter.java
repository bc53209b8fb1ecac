package skynet.node;

import skynet.kit.Settings;

/** Starts the node and keeps it running; returns the exit code once it has ended. */
@FunctionalInterface
public interface NodeStarter {
    int run(Settings settings);
}
