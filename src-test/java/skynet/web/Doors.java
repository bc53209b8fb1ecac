package skynet.web;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.kit.Asset;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Vitals;

/** Front doors for tests: on loopback, at a free port, with no plane and no meters behind them. */
public final class Doors {
    private Doors() {}

    /** One before the rooms of this bus. */
    public static WebVerticle on(Bus bus) {
        return new WebVerticle(
                bus,
                new HttpConfig("127.0.0.1", 0, List.of()),
                new Identity(bus, true),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
    }
}
