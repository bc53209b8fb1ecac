/** The gRPC door: translates protobuf messages to the words of the bus and back; no business rule. */
package skynet.grpc;
