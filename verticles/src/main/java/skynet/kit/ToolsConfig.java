package skynet.kit;

import java.net.URI;
import java.util.Optional;

/**
 * Whom tools ask outside this node; nobody unless it is set.
 *
 * @param searchUrl a SearXNG
 * @param weatherUrl an address with {@code {place}} in it
 */
public record ToolsConfig(Optional<String> searchUrl, Optional<String> weatherUrl) {
    private static final String PLACE = "{place}";

    public ToolsConfig {
        searchUrl.ifPresent(url -> requireHttp("tools.search-url", url));
        weatherUrl.ifPresent(url -> {
            if (!url.contains(PLACE)) {
                throw new IllegalArgumentException(
                        "tools.weather-url: without a place (expected: {place} where the name of a town goes)");
            }
            requireHttp("tools.weather-url", url.replace(PLACE, "x"));
        });
    }

    /** What such an address may hold is a credential, so it is not told. */
    private static void requireHttp(String key, String url) {
        boolean good;
        try {
            URI uri = URI.create(url);
            good = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw new IllegalArgumentException(key + ": no address (expected: http://… or https://…)");
        }
    }
}
