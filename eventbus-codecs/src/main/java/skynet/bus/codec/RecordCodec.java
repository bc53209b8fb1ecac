package skynet.bus.codec;

import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * </pre>
 *
 * Components of a released record may only be appended. A reader that knows fewer of them skips the tail by the payload
 * length; one that knows more fills those that are missing with zero, the empty text, the empty list or a record of these. Every length is
 * checked against the bytes that are there before anything is allocated.
 */
public final class RecordCodec {
    private static final int NESTING_MAX = 8;
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private RecordCodec() {}

    /** Appends a record. */
    public static void write(Buffer out, Record value) {
        int lengthAt = out.length();
        out.appendInt(0);
        Shape shape = shapeOf(value.getClass());
        for (int i = 0; i < shape.types.length; i++) {
            writeValue(out, shape.types[i], shape.read(i, value));
        }
        out.setInt(lengthAt, out.length() - lengthAt - Integer.BYTES);
    }

    /** Reads a record that begins at {@code position}; throws IllegalArgumentException on bytes that are none. */
    public static <T extends Record> T read(Buffer in, int position, Class<T> type) {
        Cursor cursor = new Cursor(in, position, in.length());
        return type.cast(readRecord(cursor, type, 0));
    }

    private static void writeValue(Buffer out, Type type, Object value) {
        if (type == String.class) {
            byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.appendInt(bytes.length).appendBytes(bytes);
        } else if (type == int.class) {
            out.appendInt((Integer) value);
        } else if (type == long.class) {
            out.appendLong((Long) value);
        } else if (type == double.class) {
            out.appendDouble((Double) value);
        } else if (type == boolean.class) {
            out.appendByte((byte) ((Boolean) value ? 1 : 0));
        } else if (value instanceof Enum<?> constant) {
            out.appendInt(constant.ordinal());
        } else if (value instanceof List<?> list) {
            out.appendInt(list.size());
            for (Object element : list) {
                writeValue(out, elementOf(type), element);
            }
        } else {
            write(out, (Record) value);
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
        if (type == int.class) {
            return in.int32();
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
            for (int i = 0; i < count; i++) {
                list.add(readValue(in, elementOf(type), depth));
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

    /** A record's components, looked at once. */
    private static final class Shape {
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
                    accessors[i] = lookup.unreflect(components[i].getAccessor());
                }
                constructor = lookup.unreflectConstructor(type.getConstructor(raw));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(type.getName() + ": not a public record", e);
            }
        }

        Object read(int index, Record value) {
            try {
                return accessors[index].invoke(value);
            } catch (Throwable e) {
                throw new IllegalStateException(
                        "component " + index + " of " + value.getClass().getName(), e);
            }
        }

        Object create(Object[] values) {
            try {
                return constructor.invokeWithArguments(values);
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalArgumentException("record: " + e.getMessage(), e);
            }
        }
    }

    /** Reads forward within bounds. */
    private static final class Cursor {
        private final Buffer in;
        private int position;
        private int end;

        Cursor(Buffer in, int position, int end) {
            this.in = in;
            this.position = position;
            this.end = end;
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
            String text = in.getString(position, position + length, "UTF-8");
            position += length;
            return text;
        }

        byte int8() {
            require(Byte.BYTES);
            return in.getByte(position++);
        }

        int int32() {
            require(Integer.BYTES);
            position += Integer.BYTES;
            return in.getInt(position - Integer.BYTES);
        }

        long int64() {
            require(Long.BYTES);
            position += Long.BYTES;
            return in.getLong(position - Long.BYTES);
        }

        private void require(int bytes) {
            if (end - position < bytes) {
                throw new IllegalArgumentException("frame: ends at byte " + end + " (expected: " + bytes + " more)");
            }
        }
    }
}
