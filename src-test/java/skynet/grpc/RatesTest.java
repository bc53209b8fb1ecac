package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.kit.Tolls;

/** How often and how long one address may call over gRPC. */
@Timeout(60)
class RatesTest {
    private static final EncodeRequest HELLO =
            EncodeRequest.newBuilder().setText("hello").build();

    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.behindProxy();
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void anAddressHasItsBurstAndOthersAreNotHeldUp() {
        Channel one = of("192.0.2.1");
        StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> {
            for (int i = 0; i < 2 * Tolls.REQUESTS_AT_ONCE; i++) {
                encode(one);
            }
        });
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refusal.getStatus().getCode());
        assertTrue(refusal.getStatus().getDescription().contains("too many (expected: 100 a second)"));
        encode(of("192.0.2.2"));
    }

    @Test
    void anAddressHasOnlySoManyStreams() throws Exception {
        Channel one = of("192.0.2.1");
        List<StreamObserver<EncodeRequest>> open = new ArrayList<>();
        for (int i = 0; i < Calls.STREAMS_OF_AN_ADDRESS_MAX; i++) {
            CompletableFuture<EncodeResponse> first = new CompletableFuture<>();
            StreamObserver<EncodeRequest> stream = stream(one, first);
            stream.onNext(HELLO);
            assertEquals(1, first.get(20, TimeUnit.SECONDS).getTokensCount());
            open.add(stream);
        }
        CompletableFuture<EncodeResponse> tooMany = new CompletableFuture<>();
        stream(one, tooMany).onNext(HELLO);
        Throwable refused = assertThrows(Exception.class, () -> tooMany.get(20, TimeUnit.SECONDS))
                .getCause();
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED, Status.fromThrowable(refused).getCode());
        CompletableFuture<EncodeResponse> other = new CompletableFuture<>();
        stream(of("192.0.2.2"), other).onNext(HELLO);
        assertEquals(1, other.get(20, TimeUnit.SECONDS).getTokensCount());
        open.forEach(StreamObserver::onCompleted);
    }

    private static void encode(Channel from) {
        ClientCalls.blockingUnaryCall(from, method("Encode", false), CallOptions.DEFAULT, HELLO);
    }

    private static StreamObserver<EncodeRequest> stream(Channel from, CompletableFuture<EncodeResponse> first) {
        return ClientCalls.asyncBidiStreamingCall(
                from.newCall(method("EncodeStream", true), CallOptions.DEFAULT), new StreamObserver<>() {
                    @Override
                    public void onNext(EncodeResponse answer) {
                        first.complete(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        first.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        first.completeExceptionally(new IllegalStateException("ended without an answer"));
                    }
                });
    }

    private static MethodDescriptor<EncodeRequest, EncodeResponse> method(String name, boolean streams) {
        return Doors.method(
                "skynet.v1.Encoder/" + name,
                streams,
                streams,
                EncodeRequest.getDefaultInstance(),
                EncodeResponse.getDefaultInstance());
    }

    private Channel of(String address) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER), address);
        return ClientInterceptors.intercept(doors.channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
