package skynet.bus.codec;

import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records as bytes, component by component, in the order of declaration.
 *
 * <pre>
 * record   int32 payload length | component | component | …
 * String   int32 byte length | UTF-8          List     int32 count | element | …
 * boolean  int8   enum int32 ordinal   int int32   long, double 64 bit     all big-endian
 * an element of a list may also be an Integer or a Float, each 32 bit
 * </pre>
 *
 * Components of a released record may only be appended. A reader that knows fewer of them skips the tail by the payload
 * length; one that knows more fills those that are missing with zero, the empty text, the empty list or a record of these. Every length is
 * checked against the bytes that are there before anything is allocated.
 */
public final class RecordCodec {
    private static final int NESTING_MAX = 8;
    private static final int BYTES_FIRST = 512;
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private RecordCodec() {}

    /** Appends a record. */
    public static void write(Buffer out, Record value) {
        Target target = new Target();
        writeRecord(target, value);
        out.appendBytes(target.bytes, 0, target.length);
    }

    /** Reads a record that begins at {@code position}; throws IllegalArgumentException on bytes that are none. */
    public static <T extends Record> T read(Buffer in, int position, Class<T> type) {
        return type.cast(readRecord(new Cursor(in.getBytes(position, in.length())), type, 0));
    }

    private static void writeRecord(Target out, Record value) {
        int lengthAt = out.length;
        out.int32(0);
        Shape shape = shapeOf(value.getClass());
        for (int i = 0; i < shape.types.length; i++) {
            writeValue(out, shape.types[i], shape.read(i, value));
        }
        out.int32At(lengthAt, out.length - lengthAt - Integer.BYTES);
    }

    private static void writeValue(Target out, Type type, Object value) {
        if (type == String.class) {
            byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.int32(bytes.length);
            out.all(bytes);
        } else if (type == int.class || type == Integer.class) {
            out.int32((Integer) value);
        } else if (type == long.class) {
            out.int64((Long) value);
        } else if (type == Float.class) {
            out.int32(Float.floatToRawIntBits((Float) value));
        } else if (type == double.class) {
            out.int64(Double.doubleToRawLongBits((Double) value));
        } else if (type == boolean.class) {
            out.int8((Boolean) value ? 1 : 0);
        } else if (value instanceof Enum<?> constant) {
            out.int32(constant.ordinal());
        } else if (value instanceof List<?> list) {
            out.int32(list.size());
            Type element = elementOf(type);
            for (Object one : list) {
                writeValue(out, element, one);
            }
        } else {
            writeRecord(out, (Record) value);
        }
    }

    private static Object readRecord(Cursor in, Class<?> type, int depth) {
        if (depth > NESTING_MAX) {
            throw new IllegalArgumentException("nesting: more than " + NESTING_MAX + " records");
        }
        int outer = in.narrow(in.length("record"));
        Shape shape = shapeOf(type);
        Object[] values = new Object[shape.types.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.atEnd() ? absent(shape.types[i]) : readValue(in, shape.types[i], depth);
        }
        in.widen(outer);
        return shape.create(values);
    }

    private static Object readValue(Cursor in, Type type, int depth) {
        if (type == String.class) {
            return in.text();
        }
        if (type == int.class || type == Integer.class) {
            return in.int32();
        }
        if (type == Float.class) {
            return Float.intBitsToFloat(in.int32());
        }
        if (type == long.class) {
            return in.int64();
        }
        if (type == double.class) {
            return Double.longBitsToDouble(in.int64());
        }
        if (type == boolean.class) {
            return in.int8() != 0;
        }
        if (type instanceof ParameterizedType) {
            int count = in.length("list");
            List<Object> list = new ArrayList<>(count);
            Type element = elementOf(type);
            for (int i = 0; i < count; i++) {
                list.add(readValue(in, element, depth));
            }
            return list;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            int ordinal = in.int32();
            Object[] constants = plain.getEnumConstants();
            if (ordinal < 0 || ordinal >= constants.length) {
                throw new IllegalArgumentException(
                        plain.getSimpleName() + ": " + ordinal + " (expected: 0 to " + (constants.length - 1) + ")");
            }
            return constants[ordinal];
        }
        return readRecord(in, plain, depth + 1);
    }

    private static Object absent(Type type) {
        if (type == String.class) {
            return "";
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == double.class) {
            return 0.0;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type instanceof ParameterizedType) {
            return List.of();
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return plain.getEnumConstants()[0];
        }
        Shape shape = shapeOf(plain);
        Object[] values = new Object[shape.types.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = absent(shape.types[i]);
        }
        return shape.create(values);
    }

    private static Type elementOf(Type list) {
        return ((ParameterizedType) list).getActualTypeArguments()[0];
    }

    private static Shape shapeOf(Class<?> type) {
        return SHAPES.computeIfAbsent(type, Shape::new);
    }

    /** A record's components, looked at once; the handles take and give objects, so that a call adapts nothing. */
    private static final class Shape {
        private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Record.class);
        private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);

        private final Type[] types;
        private final MethodHandle[] accessors;
        private final MethodHandle constructor;

        Shape(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            if (components == null) {
                throw new IllegalArgumentException(type.getName() + ": not a record");
            }
            types = new Type[components.length];
            accessors = new MethodHandle[components.length];
            Class<?>[] raw = new Class<?>[components.length];
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                for (int i = 0; i < components.length; i++) {
                    types[i] = components[i].getGenericType();
                    raw[i] = components[i].getType();
                    accessors[i] = lookup.unreflect(components[i].getAccessor()).asType(ACCESSOR);
                }
                constructor = lookup.unreflectConstructor(type.getConstructor(raw))
                        .asSpreader(Object[].class, raw.length)
                        .asType(CONSTRUCTOR);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(type.getName() + ": not a public record", e);
            }
        }

        Object read(int index, Record value) {
            try {
                return accessors[index].invokeExact(value);
            } catch (Throwable e) {
                throw new IllegalStateException(
                        "component " + index + " of " + value.getClass().getName(), e);
            }
        }

        Object create(Object[] values) {
            try {
                return constructor.invokeExact(values);
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalArgumentException("record: " + e.getMessage(), e);
            }
        }
    }

    /** Bytes that grow. */
    private static final class Target {
        private byte[] bytes = new byte[BYTES_FIRST];
        private int length;

        void int8(int value) {
            room(Byte.BYTES);
            bytes[length++] = (byte) value;
        }

        void int32(int value) {
            room(Integer.BYTES);
            int32At(length, value);
            length += Integer.BYTES;
        }

        void int32At(int position, int value) {
            INT32.set(bytes, position, value);
        }

        void int64(long value) {
            room(Long.BYTES);
            INT64.set(bytes, length, value);
            length += Long.BYTES;
        }

        void all(byte[] more) {
            room(more.length);
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
        }

        private void room(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }
    }

    /** Reads forward within bounds. */
    private static final class Cursor {
        private final byte[] in;
        private int position;
        private int end;

        Cursor(byte[] in) {
            this.in = in;
            this.end = in.length;
        }

        boolean atEnd() {
            return position >= end;
        }

        int narrow(int length) {
            int outer = end;
            end = position + length;
            return outer;
        }

        void widen(int outer) {
            position = end;
            end = outer;
        }

        /** A count or length, which can never be more than the bytes that are left. */
        int length(String of) {
            int length = int32();
            if (length < 0 || length > end - position) {
                throw new IllegalArgumentException(
                        of + " length: " + length + " (expected: 0 to " + (end - position) + ")");
            }
            return length;
        }

        String text() {
            int length = length("text");
            String text = new String(in, position, length, StandardCharsets.UTF_8);
            position += length;
            return text;
        }

        byte int8() {
            require(Byte.BYTES);
            return in[position++];
        }

        int int32() {
            require(Integer.BYTES);
            position += Integer.BYTES;
            return (int) INT32.get(in, position - Integer.BYTES);
        }

        long int64() {
            require(Long.BYTES);
            position += Long.BYTES;
            return (long) INT64.get(in, position - Long.BYTES);
        }

        private void require(int bytes) {
            if (end - position < bytes) {
                throw new IllegalArgumentException("frame: ends at byte " + end + " (expected: " + bytes + " more)");
            }
        }
    }
}
