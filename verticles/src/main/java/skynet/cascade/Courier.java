package skynet.cascade;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The library's way to the network: it hands each request, with the listener for its events, to whoever asked for it. The
 * library sends within the call that asks, so there is one at a time.
 */
final class Courier implements HttpClient, HttpClientBuilder {
    private BiConsumer<HttpRequest, ServerSentEventListener> sender;

    /** Who sends what the library asks for next. */
    void next(BiConsumer<HttpRequest, ServerSentEventListener> who) {
        sender = who;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        sender.accept(request, listener);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("request: would wait for its response (expected: a stream)");
    }

    @Override
    public HttpClient build() {
        return this;
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
    }

    @Override
    public Duration readTimeout() {
        return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
    }
}
