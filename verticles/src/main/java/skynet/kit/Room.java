package skynet.kit;

import io.vertx.core.VerticleBase;
import skynet.bus.Bus;

/** A doorkeeper: serves the words of its family on the bus and hands the work on. */
public abstract class Room extends VerticleBase {
    protected final Bus bus;

    protected Room(Bus bus) {
        this.bus = bus;
    }
}
