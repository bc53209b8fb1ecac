package skynet.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a call was refused, for programs: a {@code google.rpc.Status} as the trailer {@code grpc-status-details-bin} bears
 * it. The reason is the slug that a problem of REST has; the domain is {@value #DOMAIN}. When a field of the question is
 * wrong, it is named too.
 *
 * <p>These messages have few fields whose numbers never change, so they are written here by number:
 *
 * <pre>
 * Status     1 code | 2 message | 3 Any, repeated          Any             1 type_url | 2 value
 * ErrorInfo  1 reason | 2 domain | 3 map entry, repeated   map entry       1 key | 2 value
 * BadRequest 1 FieldViolation, repeated                    FieldViolation  1 field | 2 description
 * </pre>
 */
final class Details {
    static final String TRAILER = "grpc-status-details-bin";
    static final String DOMAIN = "skynet";

    /** A longer message stands in {@code grpc-message} only: callers take 8 KiB of trailers. */
    static final int MESSAGE_CHARS_MAX = 300;

    private static final String TYPE = "type.googleapis.com/google.rpc.";
    private static final Pattern FIELD = Pattern.compile("([a-z][A-Za-z0-9_.]{0,63}): .*", Pattern.DOTALL);

    private Details() {}

    /** The trailer's value: Base64 without padding. */
    static String of(Verdict verdict, String requestId) {
        ByteString info = message(out -> {
            out.writeString(1, verdict.reason());
            out.writeString(2, DOMAIN);
            out.writeBytes(3, message(entry -> {
                entry.writeString(1, "request_id");
                entry.writeString(2, requestId);
            }));
        });
        boolean whole = verdict.message().length() <= MESSAGE_CHARS_MAX;
        Matcher field = FIELD.matcher(verdict.message());
        ByteString status = message(out -> {
            out.writeInt32(1, verdict.status().code);
            if (whole) {
                out.writeString(2, verdict.message());
            }
            out.writeBytes(3, any("ErrorInfo", info));
            if (whole && verdict.reason().equals("invalid") && field.matches()) {
                out.writeBytes(3, any("BadRequest", violation(field.group(1), verdict.message())));
            }
        });
        return Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray());
    }

    private static ByteString violation(String field, String description) {
        return message(out -> out.writeBytes(1, message(violation -> {
            violation.writeString(1, field);
            violation.writeString(2, description);
        })));
    }

    private static ByteString any(String type, ByteString value) {
        return message(out -> {
            out.writeString(1, TYPE + type);
            out.writeBytes(2, value);
        });
    }

    private static ByteString message(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory failed", e);
        }
        return bytes.toByteString();
    }

    /** Writes the fields of one message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }
}
