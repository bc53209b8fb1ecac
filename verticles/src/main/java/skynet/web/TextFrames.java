package skynet.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Consumer;

/**
 * Puts the frames of a socket together to text messages. Closes the socket with 1003 for bytes, 1007 for what is no
 * UTF-8 and 1009 for more than {@value #BYTES_MAX} bytes.
 */
final class TextFrames implements Handler<WebSocketFrame> {
    static final int BYTES_MAX = 256 << 10;

    private final ServerWebSocket socket;
    private final Consumer<String> reader;
    /** What has come of a message that is not whole; null between messages, where sockets are most of their time. */
    private Buffer begun;

    TextFrames(ServerWebSocket socket, Consumer<String> reader) {
        this.socket = socket;
        this.reader = reader;
    }

    @Override
    public void handle(WebSocketFrame frame) {
        if (frame.isBinary()) {
            socket.close((short) 1003, "text frames only");
        } else if (frame.isText() || frame.isContinuation()) {
            add(frame);
        }
    }

    private void add(WebSocketFrame frame) {
        begun = begun == null ? Buffer.buffer() : begun;
        if (begun.length() + frame.binaryData().length() > BYTES_MAX) {
            begun = null;
            socket.close((short) 1009, "message too long");
            return;
        }
        begun.appendBuffer(frame.binaryData());
        if (!frame.isFinal()) {
            return;
        }
        Buffer message = begun;
        begun = null;
        String text;
        try {
            text = JsonBody.utf8(message);
        } catch (Refusal refusal) {
            socket.close((short) 1007, "not UTF-8");
            return;
        }
        reader.accept(text);
    }
}
