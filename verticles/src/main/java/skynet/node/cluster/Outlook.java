package skynet.node.cluster;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import skynet.kit.ClusterConfig;

/** What can be told about a cluster's settings without joining it; what is wrong is a {@link skynet.kit.StartFailure}. */
public final class Outlook {
    private final Meeting meeting;

    /** Fails when the host is no address of this machine. */
    public Outlook(ClusterConfig config) {
        this.meeting = new Meeting(config);
    }

    /** Fails when one of the two ports cannot be opened. */
    public void requireFree() {
        meeting.requireFree();
    }

    /** The other members that were named, and whether each answers; fails when one holds other keys. */
    public Map<String, Boolean> members(ClusterKeys keys) {
        Knock knock = new Knock(keys);
        Map<String, Boolean> members = new LinkedHashMap<>();
        for (InetSocketAddress member : meeting.others()) {
            members.put(member.getHostString() + ":" + member.getPort(), knock.answered(member));
        }
        return members;
    }
}
