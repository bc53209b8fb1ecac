package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tool learns that knows nothing but the port. */
class ReflectionTest {
    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.withoutGenom();
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void allServicesAreListed() throws Exception {
        List<String> names = ask(List.of(
                        ServerReflectionRequest.newBuilder().setListServices("").build()))
                .get(0)
                .getListServicesResponse()
                .getServiceList()
                .stream()
                .map(ServiceResponse::getName)
                .toList();
        assertEquals(
                List.of(
                        "skynet.v1.Encoder",
                        "skynet.v1.Dictionary",
                        "skynet.v1.Swarm",
                        "skynet.v1.Messaging",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection"),
                names);
    }

    @Test
    void aToolMayAskAgainAndAgainOnOneStream() throws Exception {
        List<ServerReflectionResponse> answers = ask(List.of(
                symbol("skynet.v1.Encoder"),
                symbol("skynet.v1.Encoder.EncodeStream"),
                symbol("skynet.v1.Token.theta"),
                symbol("grpc.health.v1.HealthCheckResponse.ServingStatus"),
                symbol("grpc.reflection.v1.ServerReflection"),
                ServerReflectionRequest.newBuilder()
                        .setFileByFilename("skynet/v1/dictionary.proto")
                        .build()));
        assertEquals(6, answers.size());
        for (ServerReflectionResponse answer : answers) {
            assertTrue(answer.hasFileDescriptorResponse(), answer.toString());
        }
        List<String> files = new ArrayList<>();
        for (ByteString file : answers.get(0).getFileDescriptorResponse().getFileDescriptorProtoList()) {
            files.add(FileDescriptorProto.parseFrom(file).getName());
        }
        assertEquals(List.of("skynet/v1/encoder.proto", "skynet/v1/token.proto"), files);
    }

    @Test
    void anOlderToolIsAnsweredUnderTheOlderName() throws Exception {
        List<ServerReflectionResponse> answers = ask(
                "grpc.reflection.v1alpha.ServerReflection",
                List.of(
                        symbol("skynet.v1.Encoder"),
                        symbol("grpc.reflection.v1alpha.ServerReflection"),
                        symbol("grpc.reflection.v1alpha.ServerReflectionRequest")));
        assertEquals(2, answers.get(0).getFileDescriptorResponse().getFileDescriptorProtoCount());
        FileDescriptorProto file = FileDescriptorProto.parseFrom(
                answers.get(1).getFileDescriptorResponse().getFileDescriptorProto(0));
        assertEquals("grpc.reflection.v1alpha", file.getPackage());
        assertEquals(
                ".grpc.reflection.v1alpha.ServerReflectionRequest",
                file.getService(0).getMethod(0).getInputType());
        assertEquals(
                file,
                FileDescriptorProto.parseFrom(
                        answers.get(2).getFileDescriptorResponse().getFileDescriptorProto(0)));
    }

    @Test
    void whatIsNotThereIsAnErrorWithinTheStream() throws Exception {
        List<ServerReflectionResponse> answers = ask(List.of(
                symbol("skynet.v1.Nothing"),
                symbol(""),
                ServerReflectionRequest.newBuilder()
                        .setAllExtensionNumbersOfType("skynet.v1.Token")
                        .build(),
                ServerReflectionRequest.getDefaultInstance(),
                symbol("skynet.v1.Dictionary")));
        assertEquals(5, answers.get(0).getErrorResponse().getErrorCode());
        assertEquals(5, answers.get(1).getErrorResponse().getErrorCode());
        assertEquals(5, answers.get(2).getErrorResponse().getErrorCode());
        assertEquals(3, answers.get(3).getErrorResponse().getErrorCode());
        assertTrue(answers.get(4).hasFileDescriptorResponse());
    }

    private static ServerReflectionRequest symbol(String name) {
        return ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(name)
                .build();
    }

    private List<ServerReflectionResponse> ask(List<ServerReflectionRequest> questions) throws Exception {
        return ask("grpc.reflection.v1.ServerReflection", questions);
    }

    private List<ServerReflectionResponse> ask(String service, List<ServerReflectionRequest> questions)
            throws Exception {
        List<ServerReflectionResponse> answers = new ArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> stream = ClientCalls.asyncBidiStreamingCall(
                doors.channel.newCall(
                        Doors.method(
                                service + "/ServerReflectionInfo",
                                true,
                                true,
                                ServerReflectionRequest.getDefaultInstance(),
                                ServerReflectionResponse.getDefaultInstance()),
                        CallOptions.DEFAULT),
                new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        end.complete(null);
                    }
                });
        questions.forEach(stream::onNext);
        stream.onCompleted();
        end.get(20, TimeUnit.SECONDS);
        return answers;
    }
}
