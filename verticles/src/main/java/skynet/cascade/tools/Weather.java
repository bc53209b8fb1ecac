package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.bus.Tools.Source;

/** Asks the provider that the owner has set for the weather at a place; without one it is unavailable and says so. */
final class Weather implements Tool {
    /** What stands in the provider's address for the place. */
    static final String PLACE = "{place}";

    private static final Parameter PLACE_NAME = Parameter.text("place", "a town, such as Prague", 100);
    private static final int REPORT_CHARS_MAX = 8_000;

    private final Outside outside;
    private final Optional<String> provider;

    Weather(Outside outside, Optional<String> provider) {
        this.outside = outside;
        this.provider = provider;
    }

    @Override
    public String name() {
        return "weather";
    }

    @Override
    public String title() {
        return "Weather";
    }

    @Override
    public String description() {
        return "Tells the weather at a place, as a provider outside this node reports it.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(PLACE_NAME);
    }

    @Override
    public boolean isOutward() {
        return true;
    }

    @Override
    public String note() {
        return provider.isPresent() ? "" : "unavailable: no provider is set (tools.weather-url)";
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        if (provider.isEmpty()) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.UNAVAILABLE, "weather: unavailable, no provider is set (expected: tools.weather-url)"));
        }
        if (asked.foreignRead()) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.DENIED,
                    "weather: text of others was read before, so nothing is sent outside this node"));
        }
        String place = arguments.text("place");
        String url = provider.get()
                .replace(PLACE, URLEncoder.encode(place, StandardCharsets.UTF_8).replace("+", "%20"));
        return outside.text(url).map(report -> {
            JsonObject content = new JsonObject().put("place", place);
            if (report.strip().startsWith("{") && report.length() <= REPORT_CHARS_MAX) {
                content.put("report", Outside.object(report));
            } else {
                content.put("report", Outside.cut(report, REPORT_CHARS_MAX));
            }
            return Finding.foreign(content, Source.OUTSIDE, List.of());
        });
    }
}
