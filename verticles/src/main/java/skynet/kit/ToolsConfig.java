package skynet.kit;

import java.net.URI;
import java.util.Optional;

/**
 * Whom tools ask outside this node; nobody unless it is set.
 *
 * @param weatherUrl an address with {@code {place}} in it
 */
public record ToolsConfig(Optional<String> weatherUrl) {
    private static final String PLACE = "{place}";

    public ToolsConfig {
        weatherUrl.ifPresent(url -> {
            if (!url.contains(PLACE)) {
                throw new IllegalArgumentException(
                        "tools.weather-url: without a place (expected: {place} where the name of a town goes)");
            }
            requireHttp(url.replace(PLACE, "x"));
        });
    }

    /** What such an address may hold is a credential, so it is not told. */
    private static void requireHttp(String url) {
        boolean good;
        try {
            URI uri = URI.create(url);
            good = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw new IllegalArgumentException("tools.weather-url: no address (expected: http://… or https://…)");
        }
    }
}
