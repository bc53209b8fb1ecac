package skynet.kit;

/** Where the node answers gRPC, on the same host as HTTP. Port 0 takes any free one. */
public record GrpcConfig(int port) {
    public GrpcConfig {
        Ports.check("grpc.port", port);
    }
}
