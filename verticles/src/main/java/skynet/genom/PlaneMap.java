package skynet.genom;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import skynet.dictionary.CoordinateTable;
import skynet.kit.Asset;

/**
 * The whole plane as one block of bytes, for those who draw it.
 *
 * <pre>
 * token 0               token 1               …  in the order of ids, which is the order of rank
 * float32 r | float32 θ | float32 r | float32 θ | …  little-endian, as typed arrays of browsers read it
 * </pre>
 */
public final class PlaneMap {
    /** Bytes of one token. */
    static final int POINT_BYTES = 2 * Float.BYTES;

    private PlaneMap() {}

    /** The plane of a table, made when it is first wanted. */
    public static Asset of(CoordinateTable table) {
        return new Asset(table.version(), () -> draw(table));
    }

    private static Buffer draw(CoordinateTable table) {
        ByteBuffer points = ByteBuffer.allocate(table.count() * POINT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int id = 0; id < table.count(); id++) {
            points.putFloat((float) table.r(id)).putFloat((float) table.theta(id));
        }
        return Buffer.buffer(points.array());
    }
}
