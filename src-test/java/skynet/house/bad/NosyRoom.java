package skynet.house.bad;

import io.vertx.core.eventbus.EventBus;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import skynet.grpc.v1.EncodeRequest;

/** Breaks the rules about what a room may touch, so that the tests of the rules can be seen to bite. */
final class NosyRoom {
    EventBus ownWire;
    Pool ownSql;
    Router ownDoor;
    EncodeRequest ownMessage;
}
