package skynet.grpc;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.reflection.v1.ErrorResponse;
import io.vertx.grpc.reflection.v1.FileDescriptorResponse;
import io.vertx.grpc.reflection.v1.ListServiceResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionProto;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code grpc.reflection.v1.ServerReflection} and, for tools that are older, {@code v1alpha}, whose messages are the same
 * under another name: tells what is served, so that nobody needs a {@code .proto} file. Any number of questions may follow
 * one another on a stream; extensions there are none.
 */
final class Reflection {
    private static final String PACKAGE = "grpc.reflection.v1";
    private static final String OLDER = "grpc.reflection.v1alpha";

    private final Contract contract;
    private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> bySymbol = new LinkedHashMap<>();

    Reflection(Contract contract) {
        this.contract = contract;
    }

    Map<String, Consumer<Call>> answerers() {
        return Map.of("ServerReflectionInfo", this::begin);
    }

    static ServiceDescriptor service() {
        return ServerReflectionProto.getDescriptor().findServiceByName("ServerReflection");
    }

    /** The same service as it was called before its version 1. */
    static ServiceDescriptor olderService() {
        FileDescriptorProto.Builder file = service().getFile().toProto().toBuilder();
        file.setName(OLDER.replace('.', '/') + "/reflection.proto").setPackage(OLDER);
        file.getMessageTypeBuilderList().forEach(type -> type.getFieldBuilderList().stream()
                .filter(FieldDescriptorProto.Builder::hasTypeName)
                .forEach(field -> field.setTypeName(older(field.getTypeName()))));
        file.getServiceBuilderList().forEach(service -> service.getMethodBuilderList()
                .forEach(method -> method.setInputType(older(method.getInputType()))
                        .setOutputType(older(method.getOutputType()))));
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]).findServiceByName("ServerReflection");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(OLDER + ": not what " + PACKAGE + " was", e);
        }
    }

    private static String older(String typeName) {
        return typeName.startsWith("." + PACKAGE + ".")
                ? "." + OLDER + typeName.substring(PACKAGE.length() + 1)
                : typeName;
    }

    /** Learns the files of the contract, which is complete from now on. */
    void read() {
        contract.files().forEach(this::read);
    }

    private void begin(Call call) {
        call.request().pause();
        call.request().messageHandler(message -> answer(call, message));
        call.request().endHandler(ended -> call.end());
        call.response().drainHandler(drained -> call.request().fetch(1));
        call.request().fetch(1);
    }

    private void answer(Call call, GrpcMessage message) {
        if (call.over()) {
            return;
        }
        try {
            call.write(answer(call.read(message, ServerReflectionRequest.parser())));
        } catch (RuntimeException e) {
            call.refuse(e);
            return;
        }
        if (!call.response().writeQueueFull()) {
            call.request().fetch(1);
        }
    }

    private ServerReflectionResponse answer(ServerReflectionRequest ask) {
        ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder()
                .setValidHost(ask.getHost())
                .setOriginalRequest(ask);
        switch (ask.getMessageRequestCase()) {
            case LIST_SERVICES -> answer.setListServicesResponse(services());
            case FILE_BY_FILENAME -> files(byName.get(ask.getFileByFilename()), answer);
            case FILE_CONTAINING_SYMBOL -> files(bySymbol.get(ask.getFileContainingSymbol()), answer);
            case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE -> files(null, answer);
            case MESSAGEREQUEST_NOT_SET ->
                answer.setErrorResponse(error(GrpcStatus.INVALID_ARGUMENT, "message_request: missing"));
        }
        return answer.build();
    }

    private ListServiceResponse services() {
        ListServiceResponse.Builder services = ListServiceResponse.newBuilder();
        contract.services()
                .forEach(
                        name -> services.addService(ServiceResponse.newBuilder().setName(name)));
        return services.build();
    }

    /** A file after all that it imports. */
    private static void files(FileDescriptor file, ServerReflectionResponse.Builder answer) {
        if (file == null) {
            answer.setErrorResponse(error(GrpcStatus.NOT_FOUND, "symbol or file: not in the contract"));
            return;
        }
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(file, files);
        FileDescriptorResponse.Builder found = FileDescriptorResponse.newBuilder();
        files.forEach(one -> found.addFileDescriptorProto(one.toProto().toByteString()));
        answer.setFileDescriptorResponse(found);
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> files) {
        if (files.add(file)) {
            file.getDependencies().forEach(needed -> collect(needed, files));
        }
    }

    private static ErrorResponse error(GrpcStatus status, String message) {
        return ErrorResponse.newBuilder()
                .setErrorCode(status.code)
                .setErrorMessage(message)
                .build();
    }

    private void read(FileDescriptor file) {
        if (byName.putIfAbsent(file.getName(), file) != null) {
            return;
        }
        file.getDependencies().forEach(this::read);
        for (ServiceDescriptor service : file.getServices()) {
            bySymbol.put(service.getFullName(), file);
            for (MethodDescriptor method : service.getMethods()) {
                bySymbol.put(method.getFullName(), file);
            }
        }
        file.getMessageTypes().forEach(type -> read(type, file));
        file.getEnumTypes().forEach(type -> bySymbol.put(type.getFullName(), file));
    }

    private void read(Descriptor type, FileDescriptor file) {
        bySymbol.put(type.getFullName(), file);
        for (FieldDescriptor field : type.getFields()) {
            bySymbol.put(field.getFullName(), file);
        }
        for (EnumDescriptor kind : type.getEnumTypes()) {
            bySymbol.put(kind.getFullName(), file);
        }
        type.getNestedTypes().forEach(nested -> read(nested, file));
    }
}
