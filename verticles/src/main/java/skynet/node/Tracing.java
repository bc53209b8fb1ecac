package skynet.node;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.vertx.core.Context;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.tracing.opentelemetry.OpenTelemetryOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.kit.Trace;

/**
 * Where the node sends what it did, step by step, as spans of OpenTelemetry: requests over HTTP and gRPC, asks over the
 * bus, statements of SQL without their values. On only when the variables of OpenTelemetry say where to:
 * {@value #ENDPOINT}, and with it {@value #HEADERS} and {@value #SERVICE}. Spans leave in batches over OTLP/HTTP; what the
 * collector does not take within seconds is dropped, and no request ever waits for it.
 */
final class Tracing implements AutoCloseable {
    static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    static final String SERVICE = "OTEL_SERVICE_NAME";

    /** Spans that wait to be sent; more are dropped. */
    private static final int WAITING_MAX = 4_096;

    private static final Duration BATCH = Duration.ofSeconds(2);
    private static final Duration EXPORT_MAX = Duration.ofSeconds(5);

    private final SdkTracerProvider spans;
    private final OpenTelemetrySdk telemetry;

    private Tracing(SdkTracerProvider spans) {
        this.spans = spans;
        this.telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(spans)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    /** Reads the variables; empty when no endpoint is set. */
    static Optional<Tracing> of(Map<String, String> variables, String instance, String release) {
        String endpoint = variables.getOrDefault(ENDPOINT, "").strip();
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        try {
            OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                    .setEndpoint(endpoint.replaceFirst("/+$", "") + "/v1/traces")
                    .setTimeout(EXPORT_MAX);
            for (String header : variables.getOrDefault(HEADERS, "").split(",")) {
                int equals = header.indexOf('=');
                if (equals > 0) {
                    exporter.addHeader(
                            header.substring(0, equals).strip(),
                            header.substring(equals + 1).strip());
                }
            }
            Resource self = Resource.getDefault().toBuilder()
                    .put("service.name", variables.getOrDefault(SERVICE, "skynet"))
                    .put("service.instance.id", instance)
                    .put("service.version", release)
                    .build();
            return Optional.of(new Tracing(SdkTracerProvider.builder()
                    .setResource(self)
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter.build())
                            .setMaxQueueSize(WAITING_MAX)
                            .setScheduleDelay(BATCH)
                            .setExporterTimeout(EXPORT_MAX)
                            .build())
                    .build()));
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    ENDPOINT + ": " + endpoint + " (expected: like http://127.0.0.1:4318)",
                    "correct the variable, or remove it to send no traces",
                    e);
        }
    }

    /** Gives the node that is being built a tracer. */
    VertxBuilder into(VertxBuilder builder) {
        return builder.withTracer(
                options -> traced(new OpenTelemetryTracingFactory(telemetry).tracer(new OpenTelemetryOptions())));
    }

    /** Sends what waits, for some seconds at most. */
    @Override
    public void close() {
        spans.shutdown().join(EXPORT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <I, O> VertxTracer<I, O> traced(VertxTracer<I, O> tracer) {
        return new Traced<>(tracer);
    }

    /** The tracer of the library, which also tells in words where we are. */
    private static final class Traced<I, O> implements VertxTracer<I, O>, Trace {
        private final VertxTracer<I, O> tracer;

        Traced(VertxTracer<I, O> tracer) {
            this.tracer = tracer;
        }

        @Override
        public String traceparent() {
            SpanContext here = Span.current().getSpanContext();
            return here.isValid()
                    ? "00-" + here.getTraceId() + "-" + here.getSpanId() + "-"
                            + here.getTraceFlags().asHex()
                    : "";
        }

        @Override
        public <R> I receiveRequest(
                Context context,
                SpanKind kind,
                TracingPolicy policy,
                R request,
                String operation,
                Iterable<Entry<String, String>> headers,
                TagExtractor<R> tags) {
            return tracer.receiveRequest(context, kind, policy, request, operation, headers, tags);
        }

        @Override
        public <R> void sendResponse(Context context, R response, I payload, Throwable failure, TagExtractor<R> tags) {
            tracer.sendResponse(context, response, payload, failure, tags);
        }

        @Override
        public <R> O sendRequest(
                Context context,
                SpanKind kind,
                TracingPolicy policy,
                R request,
                String operation,
                BiConsumer<String, String> headers,
                TagExtractor<R> tags) {
            return tracer.sendRequest(context, kind, policy, request, operation, headers, tags);
        }

        @Override
        public <R> void receiveResponse(
                Context context, R response, O payload, Throwable failure, TagExtractor<R> tags) {
            tracer.receiveResponse(context, response, payload, failure, tags);
        }
    }
}
