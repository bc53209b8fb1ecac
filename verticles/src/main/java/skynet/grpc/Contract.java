package skynet.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The services that callers may call, and who answers each of their methods; a method without one is refused at start. */
final class Contract {
    private final List<ServiceDescriptor> services = new ArrayList<>();
    private final Map<String, Method> methods = new LinkedHashMap<>();

    /** The scopes of a service that everybody may call. */
    static final Map<String, String> OPEN = Map.of();

    /**
     * One method.
     *
     * @param scope what a caller must be allowed, {@code room:act}; empty when everybody may call it
     * @param longMessages whether its messages may be as long as the longest text
     */
    record Method(MethodDescriptor descriptor, String scope, Consumer<Call> answerer, boolean longMessages) {
        /** Whether the call may live longer than one question and its answer. */
        boolean streams() {
            return descriptor.isClientStreaming() || descriptor.isServerStreaming();
        }
    }

    /**
     * Adds a service with a scope and an answerer for each of its methods, by name; {@code longMessages} names some of
     * them. Scopes are those of the same act in conf/openapi.yaml.
     */
    Contract serve(
            ServiceDescriptor service,
            Map<String, String> scopes,
            Map<String, Consumer<Call>> answerers,
            String... longMessages) {
        services.add(service);
        for (MethodDescriptor method : service.getMethods()) {
            Consumer<Call> answerer = answerers.get(method.getName());
            if (answerer == null) {
                throw new IllegalStateException(method.getFullName() + ": nobody answers it");
            }
            String scope = scopes == OPEN ? "" : scopes.get(method.getName());
            if (scope == null) {
                throw new IllegalStateException(method.getFullName() + ": nobody said who may call it");
            }
            methods.put(
                    "/" + service.getFullName() + "/" + method.getName(),
                    new Method(method, scope, answerer, List.of(longMessages).contains(method.getName())));
        }
        return this;
    }

    /** The method of an HTTP path. */
    Optional<Method> method(String path) {
        return Optional.ofNullable(path == null ? null : methods.get(path));
    }

    /** All methods by their HTTP paths. */
    Map<String, Method> methods() {
        return Collections.unmodifiableMap(methods);
    }

    /** The full names of all services. */
    List<String> services() {
        return services.stream().map(ServiceDescriptor::getFullName).toList();
    }

    /** The files in which the services are written. */
    List<FileDescriptor> files() {
        return services.stream().map(ServiceDescriptor::getFile).distinct().toList();
    }
}
