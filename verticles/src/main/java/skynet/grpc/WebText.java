package skynet.grpc;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.Base64;

/**
 * A gRPC-Web request in Base64, read as the bytes it stands for. Padding may stand within it, where one part ends. What
 * is no Base64 ends what is read: the message is then cut short and refused as such.
 *
 * <p>The library's own reader holds a call open forever when the text is empty or no Base64. It reads bytes, as here, on
 * HTTP/2 only: so this is the version that is told.
 */
final class WebText extends HttpServerRequestWrapper {
    private static final int GROUP = 4;

    private Buffer rest = Buffer.buffer();
    private boolean broken;

    WebText(HttpServerRequestInternal http) {
        super(http);
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public HttpServerRequest handler(Handler<Buffer> handler) {
        super.handler(
                handler == null
                        ? null
                        : part -> {
                            Buffer bytes = decode(part);
                            if (bytes.length() > 0) {
                                handler.handle(bytes);
                            }
                        });
        return this;
    }

    private Buffer decode(Buffer part) {
        Buffer bytes = Buffer.buffer();
        if (broken) {
            return bytes;
        }
        Buffer text = rest.appendBuffer(part);
        int whole = text.length() / GROUP * GROUP;
        try {
            int start = 0;
            while (start < whole) {
                int end = start + GROUP;
                while (end < whole && text.getByte(end - 1) != '=') {
                    end += GROUP;
                }
                bytes.appendBytes(Base64.getDecoder().decode(text.getBytes(start, end)));
                start = end;
            }
        } catch (IllegalArgumentException e) {
            broken = true;
        }
        rest = text.getBuffer(whole, text.length());
        return bytes;
    }
}
