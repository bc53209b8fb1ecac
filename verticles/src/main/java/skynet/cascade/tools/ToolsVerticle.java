package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Tools;
import skynet.kit.Room;
import skynet.kit.ToolsConfig;

/**
 * Lists the tools and uses them, each within {@link #USE_MAX}. None changes anything. What a tool gives that others wrote is
 * marked, and whoever has read such text gets nothing sent outside this node by its tools.
 */
public final class ToolsVerticle extends Room {
    /** How long a use may take. */
    static final Duration USE_MAX = Duration.ofSeconds(10);

    private static final Duration OUTSIDE_MAX = Duration.ofSeconds(6);

    private final ToolsConfig config;
    private final boolean webProvider;
    private final InstantSource clock;
    private List<Tool> tools = List.of();

    /** {@code webProvider} tells whether a search of crawled pages asks a provider on the web too. */
    public ToolsVerticle(Bus bus, ToolsConfig config, boolean webProvider, InstantSource clock) {
        super(bus);
        this.config = config;
        this.webProvider = webProvider;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        Outside outside = new Outside(vertx, OUTSIDE_MAX);
        tools = List.of(
                new WebSearch(bus, webProvider),
                new Weather(outside, config.weatherUrl()),
                new Calculator(),
                new KnowledgeSearch(bus),
                new CurrentTime(clock));
        return Future.all(bus.serve(Tools.ListTools.class, this::list), bus.serve(Tools.Use.class, this::use));
    }

    private Future<Tools.Listed> list(Tools.ListTools ask) {
        return Future.succeededFuture(
                new Tools.Listed(tools.stream().map(ToolsVerticle::shown).toList()));
    }

    private static Tools.Tool shown(Tool tool) {
        return new Tools.Tool(
                tool.name(),
                tool.title(),
                tool.description(),
                Arguments.schema(tool.parameters()).encode(),
                tool.isOutward(),
                tool.note());
    }

    private Future<Tools.Used> use(Tools.Use use) {
        long begun = clock.millis();
        Tool tool = tools.stream()
                .filter(known -> known.name().equals(use.name()))
                .findFirst()
                .orElseThrow(() -> Fault.absent("tool: none of this name (expected: one of "
                        + String.join(", ", tools.stream().map(Tool::name).toList()) + ")"));
        return within(Arguments.of(use.arguments(), tool.parameters()), tool, use)
                .map(finding -> new Tools.Used(
                        bounded(finding.content()), finding.source(), clock.millis() - begun, finding.passages()));
    }

    private static Future<Finding> within(Arguments arguments, Tool tool, Tools.Use use) {
        return tool.use(arguments, new Tool.Asked(use.tenant(), use.foreignRead()))
                .timeout(USE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof java.util.concurrent.TimeoutException
                                ? new Fault(Fault.Kind.LATE, use.name() + ": no answer in time")
                                : failure));
    }

    /** Content that is too long is refused rather than cut: half an object is none. */
    private static String bounded(JsonObject content) {
        String text = content.encode();
        if (text.length() > Tools.CONTENT_CHARS_MAX) {
            throw new Fault(
                    Fault.Kind.TOO_LARGE,
                    "content: " + text.length() + " characters (expected: at most " + Tools.CONTENT_CHARS_MAX + ")");
        }
        return text;
    }
}
