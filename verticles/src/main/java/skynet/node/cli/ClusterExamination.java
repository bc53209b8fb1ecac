package skynet.node.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import skynet.kit.ClusterConfig;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;
import skynet.node.cluster.ClusterKeys;
import skynet.node.cluster.Outlook;

/** What {@code skynet doctor} looks at when the node is to be a member of a cluster. It joins nothing. */
final class ClusterExamination {
    private final NodeConfig config;
    private final ClusterConfig cluster;
    private final boolean running;

    ClusterExamination(NodeConfig config, boolean running) {
        this.config = config;
        this.cluster = config.cluster();
        this.running = running;
    }

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(database());
        checks.add(looked("cluster.keys", () -> {
            keys();
            return Check.good("cluster.keys", "whole, in " + directory());
        }));
        checks.add(looked("cluster.host", this::host));
        checks.add(looked("cluster.members", this::members));
        return checks;
    }

    private Check database() {
        return config.pg().uri().isPresent()
                ? Check.good("cluster database", "one for all members")
                : Check.bad(
                        "cluster database",
                        "none is named",
                        "set SKYNET_PG_URI to the PostgreSQL that all members use");
    }

    private Check host() {
        Outlook outlook = new Outlook(cluster);
        String ports = cluster.host() + ", ports " + cluster.port() + " and " + cluster.busPort();
        if (running) {
            return Check.good("cluster.host", ports + ", in use by the running node");
        }
        outlook.requireFree();
        return Check.good("cluster.host", ports + " are free");
    }

    private Check members() {
        Map<String, Boolean> members = new Outlook(cluster).members(keys());
        List<String> absent = members.entrySet().stream()
                .filter(member -> !member.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (members.isEmpty()) {
            return Check.doubtful(
                    "cluster.members",
                    "no other is named: this node founds the cluster",
                    "name the others with SKYNET_CLUSTER_MEMBERS=host:port,…");
        }
        return absent.isEmpty()
                ? Check.good("cluster.members", "all " + members.size() + " answer and hold our keys")
                : Check.doubtful(
                        "cluster.members",
                        "no answer now from " + String.join(", ", absent),
                        "start them, or check their addresses and the way there");
    }

    private ClusterKeys keys() {
        return ClusterKeys.read(directory());
    }

    private Path directory() {
        return cluster.keys().map(Settings::path).orElseGet(() -> config.dataDir()
                .resolve("cluster"));
    }

    private static Check looked(String name, Supplier<Check> look) {
        try {
            return look.get();
        } catch (StartFailure e) {
            return Check.bad(name, e.getMessage(), e.fix());
        }
    }
}
