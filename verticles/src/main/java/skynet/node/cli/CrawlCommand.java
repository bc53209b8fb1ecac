package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet crawl}: has the running node read a web site, and tells how far it is. */
@Command(
        name = "crawl",
        description = "Has the running node read a web site, politely, and keep it up to date.",
        footer =
                "%nMay be repeated at any time: what has not changed costs nothing. Exit code 1 when nothing could be read. Ctrl-C"
                        + " ends the watching, not the crawling.",
        mixinStandardHelpOptions = true)
final class CrawlCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;
    private static final int TROUBLES_SHOWN_MAX = 10;

    private final Console console;
    private final SettingsOptions options;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "URL", arity = "0..1", description = "Where the site begins.")
    private Optional<String> url;

    @Option(names = "--depth", paramLabel = "N", description = "Links from there, 0 to 20.")
    private Optional<Integer> depth;

    @Option(names = "--pages", paramLabel = "N", description = "At most so many pages.")
    private Optional<Integer> pages;

    @Option(names = "--detach", description = "Does not wait for the end.")
    private boolean detach;

    CrawlCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        if (url.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing: URL, ls or rm");
        }
        NodeClient node = NodeClient.of(options.settings());
        Map<String, Object> body = new HashMap<>();
        body.put("url", url.get());
        depth.ifPresent(links -> body.put("depth", links));
        pages.ifPresent(most -> body.put("pages", most));
        JsonNode started = node.post("/api/crawler/crawl", body);
        if (detach) {
            console.out().println(started.path("site").asText() + " is in the queue");
            return ExitCode.OK;
        }
        return watch(node, started);
    }

    /** Looks again and again until nothing is due any more; the number of pages grows while they are read. */
    private int watch(NodeClient node, JsonNode started) {
        String path =
                "/api/crawler?site=" + URLEncoder.encode(started.path("site").asText(), StandardCharsets.UTF_8);
        JsonNode before = started;
        String shown = "";
        for (; ; ) {
            JsonNode view = node.get(path);
            JsonNode site = view.path("sites").path(0);
            if (!view.path("enabled").asBoolean()) {
                console.err()
                        .println("this node does not crawl (crawl.enabled: false); another one of the cluster may");
            }
            String line = line(site);
            if (!line.equals(shown)) {
                shown = line;
                console.err().print(console.errorIsTerminal() ? "\r\u001b[K" + line : line + System.lineSeparator());
                console.err().flush();
            }
            if (!site.path("state").asText().equals("crawling")
                    || !view.path("enabled").asBoolean()) {
                return end(view, site, before);
            }
            sleep();
        }
    }

    private int end(JsonNode view, JsonNode site, JsonNode before) {
        if (console.errorIsTerminal()) {
            console.err().println();
        }
        int shown = 0;
        for (JsonNode trouble : view.path("troubles")) {
            if (shown++ < TROUBLES_SHOWN_MAX) {
                console.err()
                        .println("not read: " + trouble.path("url").asText() + ": "
                                + trouble.path("why").asText());
            }
        }
        console.out()
                .printf(
                        "%s: %d pages known by their words, %d embedded and %d unchanged so far, in %d requests%n",
                        before.path("site").asText(),
                        site.path("found").path("indexed").asInt(),
                        site.path("learned").asInt(),
                        site.path("unchanged").asInt(),
                        site.path("fetched").asInt());
        return site.path("found").path("indexed").asInt() > 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String line(JsonNode site) {
        JsonNode found = site.path("found");
        int known = 0;
        for (JsonNode count : found) {
            known += count.asInt();
        }
        return "crawling: " + (known - found.path("waiting").asInt()) + " of " + known + " pages looked at, "
                + site.path("due").asInt() + " due, " + found.path("indexed").asInt() + " indexed";
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(ExitCode.INTERRUPTED, "interrupted", "the node goes on; see: skynet crawl ls", e);
        }
    }

    @Command(name = "ls", description = "Lists the sites and how far they are.")
    void list(@Option(names = "--json", description = "Prints the node's answer as it came.") boolean json) {
        JsonNode view = NodeClient.of(options.settings()).get("/api/crawler");
        if (json) {
            console.out().println(view);
            return;
        }
        console.out()
                .printf(
                        "%-32s %-9s %8s %8s %8s %8s  %s%n",
                        "SITE", "STATE", "INDEXED", "WAITING", "FAILED", "EMBEDDED", "NEXT");
        view.path("sites").forEach(site -> console.out()
                .printf(
                        "%-32s %-9s %8d %8d %8d %8d  %s%n",
                        site.path("site").asText(),
                        site.path("state").asText(),
                        site.path("found").path("indexed").asInt(),
                        site.path("found").path("waiting").asInt(),
                        site.path("found").path("failed").asInt(),
                        site.path("learned").asInt(),
                        site.path("next_at").isNull()
                                ? ""
                                : site.path("next_at").asText()));
    }

    @Command(name = "rm", description = "Takes a site out with all that was learned from it.")
    void remove(@Parameters(paramLabel = "SITE", description = "As ls names it.") String site) {
        JsonNode leaving = NodeClient.of(options.settings()).delete(NodeClient.path("/api/crawler/sites/", site));
        console.out().println(site + " leaves with " + leaving.path("documents").asInt() + " documents");
    }
}
