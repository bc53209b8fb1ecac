package skynet.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** HTTP/2 frame by frame over a plain socket, for a caller that does what no library would do. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int PRIORITY = 0x20;
    private static final int ACK = 1;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private int next = 1;
    private boolean reading = true;

    /** How a call ended: its headers, its bytes, the reset code (-1 for none), and whether the connection went away. */
    record Reply(Map<String, String> headers, int dataBytes, long reset, boolean gone) {
        String status() {
            return headers.getOrDefault("grpc-status", "");
        }

        String message() {
            return URLDecoder.decode(
                    headers.getOrDefault("grpc-message", "").replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }

    RawHttp2(int port) throws Exception {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** No window is given back from now on: a caller that does not read. */
    RawHttp2 withoutReading() {
        reading = false;
        return this;
    }

    /** Begins a call and returns its stream. */
    int call(String path, boolean end, String... headers) throws Exception {
        Http2Headers head = new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .path(path)
                .authority("127.0.0.1")
                .set("content-type", "application/grpc")
                .set("te", "trailers");
        for (int i = 0; i < headers.length; i += 2) {
            head.set(headers[i], headers[i + 1]);
        }
        int stream = next;
        next += 2;
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(stream, head, block);
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, bytes);
        return stream;
    }

    /** Sends bytes, in frames of 16 KiB. */
    void data(int stream, byte[] bytes, boolean end) throws IOException {
        int at = 0;
        do {
            int length = Math.min(16_384, bytes.length - at);
            byte[] part = java.util.Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            frame(DATA, end && at == bytes.length ? END_STREAM : 0, stream, part);
        } while (at < bytes.length);
    }

    void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf frame = Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        out.write(bytes);
        out.flush();
    }

    /** Reads until a stream, or the connection, has ended. */
    Reply reply(int stream) throws Exception {
        Map<String, String> headers = new HashMap<>();
        int dataBytes = 0;
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int about = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == SETTINGS && (flags & ACK) == 0) {
                    frame(SETTINGS, ACK, 0, new byte[0]);
                } else if (type == PING && (flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                } else if (type == GOAWAY) {
                    return new Reply(headers, dataBytes, -1, true);
                } else if (type == HEADERS) {
                    int priorityBytes = (flags & PRIORITY) == 0 ? 0 : 5;
                    Http2Headers block = decoder.decodeHeaders(
                            about, Unpooled.wrappedBuffer(payload).skipBytes(priorityBytes));
                    if (about == stream) {
                        block.forEach(header -> headers.put(
                                header.getKey().toString(), header.getValue().toString()));
                    }
                } else if (type == DATA) {
                    dataBytes += about == stream ? length : 0;
                    if (reading && length > 0) {
                        frame(WINDOW_UPDATE, 0, 0, new byte[] {
                            0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
                        });
                        if ((flags & END_STREAM) == 0) {
                            frame(WINDOW_UPDATE, 0, about, new byte[] {
                                0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
                            });
                        }
                    }
                } else if (type == RST_STREAM && about == stream) {
                    return new Reply(headers, dataBytes, payload[3] & 0xFF, false);
                }
                if ((type == HEADERS || type == DATA) && about == stream && (flags & END_STREAM) != 0) {
                    return new Reply(headers, dataBytes, -1, false);
                }
            }
        } catch (EOFException | SocketException closed) {
            return new Reply(headers, dataBytes, -1, true);
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("no answer on stream " + stream + " after " + dataBytes + " bytes, " + headers);
        }
    }

    /** A message as gRPC frames it: not compressed, its length, its bytes. */
    static byte[] framed(byte[] message) {
        return framed(0, message.length, message);
    }

    /** A message with a flag and a length of one's own choice. */
    static byte[] framed(int flag, long announced, byte[] message) {
        ByteBuf frame =
                Unpooled.buffer().writeByte(flag).writeInt((int) announced).writeBytes(message);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
