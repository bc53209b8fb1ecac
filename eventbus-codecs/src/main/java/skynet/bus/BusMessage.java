package skynet.bus;

/** A word that may be said on the bus. The permits clause is the list of rooms that speak. */
public sealed interface BusMessage
        permits Auth,
                Cascade,
                Chat,
                Crawl,
                Crypto,
                Genom,
                Knowledge,
                Mesh,
                Messages,
                Nodes,
                Status,
                Stream,
                Swarm,
                Telemetry,
                Tools,
                Work {}
