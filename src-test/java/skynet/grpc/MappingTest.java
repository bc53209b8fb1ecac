package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.vertx.core.Vertx;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Genom;
import skynet.bus.Request;
import skynet.grpc.v1.DictionaryOuterClass;
import skynet.grpc.v1.EncoderOuterClass;
import skynet.grpc.v1.LookupRequest;
import skynet.kit.GrpcConfig;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Vitals;

/**
 * Each method of the contract is one request of the bus and its answer, field by field. The descriptors are walked, so a
 * new method, field or component without its counterpart fails here.
 */
class MappingTest {
    /** The request behind each method; a method that is missing here fails. */
    private static final Map<String, Class<? extends Request<?>>> REQUESTS = Map.of(
            "skynet.v1.Encoder.Encode", Genom.Encode.class,
            "skynet.v1.Encoder.EncodeStream", Genom.Encode.class,
            "skynet.v1.Encoder.Decode", Genom.Decode.class,
            "skynet.v1.Dictionary.Lookup", Genom.Lookup.class,
            "skynet.v1.Dictionary.Search", Genom.Browse.class,
            "skynet.v1.Dictionary.Stats", Genom.Count.class);

    /** Methods whose answer depends on who asks; {@link SwarmMappingTest} looks at them. */
    private static final Set<String> OF_SOMEBODY = Set.of(
            "skynet.v1.Swarm.Register",
            "skynet.v1.Swarm.Handshake",
            "skynet.v1.Swarm.Heartbeat",
            "skynet.v1.Swarm.List",
            "skynet.v1.Messaging.Send",
            "skynet.v1.Messaging.Inbox",
            "skynet.v1.Messaging.Subscribe",
            "skynet.v1.Messaging.Ack");

    /** Components whose field bears the name that REST gives it. */
    private static final Map<String, String> RENAMED = Map.of(
            "Encoded.frame", "genom_message",
            "Decode.frame", "genom_message",
            "Compression.text", "name",
            "Token.id", "token_id",
            "Token.thetaRadians", "theta");

    /** Fields that are computed from the others. */
    private static final Set<String> COMPUTED = Set.of("skynet.v1.EncodeResponse.compression_ratio");

    private int seed;

    @Test
    void everyMethodHasItsRequest() {
        Set<String> methods =
                methods().stream().map(MethodDescriptor::getFullName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(REQUESTS.keySet()), methods);
    }

    @Test
    void everyFieldOfEveryQuestionReachesTheBus() throws Exception {
        for (MethodDescriptor method : methods()) {
            Class<?> request = REQUESTS.get(method.getFullName());
            if (request == Genom.Lookup.class || request == Genom.Count.class) {
                continue;
            }
            Message question = filled(method.getInputType());
            Method word = Mapping.class.getDeclaredMethod("word", question.getClass());
            Record record = (Record) word.invoke(null, question);
            assertEquals(request, record.getClass());
            same(record, question);
        }
    }

    @Test
    void everyWayToLookUpReachesTheBus() {
        Descriptor question = LookupRequest.getDescriptor();
        assertEquals(question.getFields(), question.getOneofs().get(0).getFields());
        Set<String> keys =
                Arrays.stream(Genom.Key.values()).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> fields = new TreeSet<>();
        for (FieldDescriptor field : question.getFields()) {
            Message asked = LookupRequest.newBuilder().setField(field, "x").build();
            Genom.Lookup word = Mapping.word((LookupRequest) asked);
            assertEquals(
                    field.getName().toUpperCase(java.util.Locale.ROOT),
                    word.key().name());
            assertEquals("x", word.value());
            fields.add(word.key().name());
        }
        assertEquals(keys, fields);
        assertThrows(IllegalArgumentException.class, () -> Mapping.word(LookupRequest.getDefaultInstance()));
    }

    @Test
    void aCountAsksForNothing() {
        assertEquals(0, Genom.Count.class.getRecordComponents().length);
        MethodDescriptor stats = methods().stream()
                .filter(method -> method.getName().equals("Stats"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(), stats.getInputType().getFields());
    }

    @Test
    void everyComponentOfEveryAnswerReachesTheCaller() throws Exception {
        for (MethodDescriptor method : methods()) {
            Class<?> answer = answerOf(REQUESTS.get(method.getFullName()));
            Record record = (Record) filled(answer);
            Message message =
                    (Message) Mapping.class.getDeclaredMethod("message", answer).invoke(null, record);
            assertEquals(method.getOutputType(), message.getDescriptorForType());
            same(record, message);
        }
    }

    @Test
    void thePageAfterTheLastIsNotGiven() {
        assertEquals(false, Mapping.message(new Genom.Page(List.of(), -1)).hasNext());
        assertEquals(0, Mapping.message(new Genom.Page(List.of(), 0)).getNext());
        assertEquals(true, Mapping.message(new Genom.Page(List.of(), 0)).hasNext());
    }

    @Test
    void everyMethodIsServedAndNoOther() {
        Vertx vertx = Vertx.vertx();
        try {
            Bus bus = new Bus(vertx, InstantSource.system());
            GrpcVerticle room = new GrpcVerticle(
                    bus,
                    new GrpcConfig(0),
                    new HttpConfig("127.0.0.1", 0, List.of()),
                    new Identity(bus, true),
                    () -> 0,
                    new Vitals());
            Set<String> served = room.contract().methods().keySet().stream()
                    .filter(path -> path.startsWith("/skynet."))
                    .map(path -> path.substring(1).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> known = new TreeSet<>(REQUESTS.keySet());
            known.addAll(OF_SOMEBODY);
            assertEquals(known, served);
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void aMethodThatNobodyAnswersIsRefusedAtStart() {
        assertThrows(IllegalStateException.class, () -> new Contract()
                .serve(EncoderOuterClass.getDescriptor().findServiceByName("Encoder"), Contract.OPEN, Map.of()));
    }

    @Test
    void theNumbersOfTheFieldsNeverChange() throws Exception {
        List<String> numbers = new ArrayList<>();
        for (var file : List.of(
                skynet.grpc.v1.TokenOuterClass.getDescriptor(),
                EncoderOuterClass.getDescriptor(),
                DictionaryOuterClass.getDescriptor(),
                skynet.grpc.v1.SwarmOuterClass.getDescriptor(),
                skynet.grpc.v1.MessagingOuterClass.getDescriptor())) {
            for (Descriptor type : file.getMessageTypes()) {
                for (FieldDescriptor field : type.getFields()) {
                    numbers.add(field.getFullName() + " = " + field.getNumber() + " " + field.getType());
                }
            }
        }
        try (var golden = MappingTest.class.getResourceAsStream("/skynet/grpc/fields.txt")) {
            assertEquals(
                    new String(golden.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip(),
                    String.join("\n", numbers));
        }
    }

    /** A record and a message say the same, and neither says more than the other. */
    private static void same(Record record, Message message) throws Exception {
        Set<String> said = new TreeSet<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String name = RENAMED.getOrDefault(
                    record.getClass().getSimpleName() + "." + component.getName(), snake(component.getName()));
            FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
            if (field == null) {
                throw new AssertionError(record.getClass() + "." + component.getName() + ": no field " + name + " in "
                        + message.getDescriptorForType().getFullName());
            }
            said.add(name);
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            same(accessor.invoke(record), message.getField(field), field.getFullName());
        }
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!said.contains(field.getName()) && !COMPUTED.contains(field.getFullName())) {
                throw new AssertionError(field.getFullName() + ": no component of " + record.getClass());
            }
        }
    }

    private static void same(Object said, Object sent, String name) throws Exception {
        if (said instanceof List<?> list) {
            List<?> sentList = (List<?>) sent;
            assertEquals(list.size(), sentList.size(), name);
            for (int i = 0; i < list.size(); i++) {
                same(list.get(i), sentList.get(i), name);
            }
        } else if (said instanceof Record record) {
            same(record, (Message) sent);
        } else {
            assertEquals(said, sent, name);
        }
    }

    /** A message with another value in each field. */
    private Message filled(Descriptor type) throws Exception {
        Message.Builder builder = ((Message) Class.forName("skynet.grpc.v1." + type.getName())
                        .getMethod("getDefaultInstance")
                        .invoke(null))
                .newBuilderForType();
        for (FieldDescriptor field : type.getFields()) {
            builder.setField(
                    field,
                    switch (field.getJavaType()) {
                        case STRING -> "text" + ++seed;
                        case INT -> ++seed;
                        case DOUBLE -> ++seed / 8.0;
                        default -> throw new AssertionError(field.getFullName() + ": say how to fill it");
                    });
        }
        return builder.build();
    }

    /** A record with another value in each component. */
    private Object filled(Type type) throws Exception {
        if (type == String.class) {
            return "text" + ++seed;
        }
        if (type == int.class) {
            return ++seed;
        }
        if (type == double.class) {
            return ++seed / 8.0;
        }
        if (type instanceof ParameterizedType list) {
            Type element = list.getActualTypeArguments()[0];
            return List.of(filled(element), filled(element));
        }
        Class<?> record = (Class<?>) type;
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            values.add(filled(component.getGenericType()));
        }
        Constructor<?> constructor = record.getDeclaredConstructor(Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
        return constructor.newInstance(values.toArray());
    }

    private static Class<?> answerOf(Class<?> request) {
        return Arrays.stream(request.getGenericInterfaces())
                .filter(ParameterizedType.class::isInstance)
                .map(type -> (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0])
                .findFirst()
                .orElseThrow();
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static List<MethodDescriptor> methods() {
        List<MethodDescriptor> methods = new ArrayList<>();
        EncoderOuterClass.getDescriptor().getServices().forEach(service -> methods.addAll(service.getMethods()));
        DictionaryOuterClass.getDescriptor().getServices().forEach(service -> methods.addAll(service.getMethods()));
        return methods;
    }
}
