package skynet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import skynet.bus.Fault;
import skynet.kit.Sha256;

/**
 * The pages, read into memory at start and served from there: no path of a request ever reaches a file system. Each file
 * of webroot has its place, its ETag and its gzip form.
 */
final class Pages {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "yaml", "application/yaml",
            "png", "image/png",
            "txt", "text/plain; charset=utf-8",
            "webmanifest", "application/manifest+json");

    private final Map<String, Page> pages = new TreeMap<>();

    /** Reads every file below {@code webroot} of the class path. Blocks. */
    static Pages read() throws IOException {
        Pages pages = new Pages();
        URL root = Pages.class.getResource("/webroot/index.html");
        if (root == null) {
            throw new IOException("webroot/index.html: not in the JAR");
        }
        try {
            URI uri = root.toURI();
            if (uri.getScheme().equals("jar")) {
                try (FileSystem jar =
                        FileSystems.newFileSystem(URI.create(uri.toString().replaceAll("!.*", "!/")), Map.of())) {
                    pages.readAll(jar.getPath("/webroot"));
                }
            } else {
                pages.readAll(Path.of(uri).getParent());
            }
            try (InputStream contract = Pages.class.getResourceAsStream("/conf/openapi.yaml")) {
                pages.add("/openapi.yaml", contract.readAllBytes());
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        return pages;
    }

    private void readAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String path = "/" + root.relativize(file).toString().replace('\\', '/');
                add(path, Files.readAllBytes(file));
            }
        }
    }

    private void add(String path, byte[] bytes) throws IOException {
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null) {
            return;
        }
        Page page = new Page(type, Buffer.buffer(bytes), Buffer.buffer(gzip(bytes)), etag(bytes));
        pages.put(path, page);
        if (path.endsWith("/index.html")) {
            pages.put(path.substring(0, path.length() - "index.html".length()), page);
        } else if (path.endsWith(".html")) {
            pages.put(path.substring(0, path.length() - ".html".length()), page);
        }
    }

    /** Whether there is a page of this path. */
    boolean has(String path) {
        return pages.containsKey(path);
    }

    void mount(Router router) {
        router.get().handler(this::serve);
        router.head().handler(this::serve);
    }

    /** The contract that is served as YAML, as JSON. */
    JsonObject contract() {
        String yaml = pages.get("/openapi.yaml").plain().toString();
        return new JsonObject(new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(yaml));
    }

    private void serve(RoutingContext request) {
        Page page = pages.get(request.request().path());
        if (page == null) {
            request.next();
            return;
        }
        HttpServerResponse response = request.response();
        response.putHeader("Cache-Control", "no-cache")
                .putHeader("ETag", page.etag())
                .putHeader("Vary", "Accept-Encoding");
        if (page.etag().equals(request.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", page.type());
        String accepts = request.request().getHeader("Accept-Encoding");
        if (accepts != null
                && accepts.contains("gzip")
                && page.gzip().length() < page.plain().length()) {
            response.putHeader("Content-Encoding", "gzip").end(page.gzip());
        } else {
            response.end(page.plain());
        }
    }

    void missing(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        Page page = pages.get("/404.html");
        if (page != null && accept != null && accept.contains("text/html")) {
            request.response()
                    .setStatusCode(404)
                    .putHeader("Content-Type", page.type())
                    .end(page.plain());
        } else {
            Problem.answer(request, Fault.absent("path: nothing is served here"));
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static String etag(byte[] bytes) {
        return '"' + HexFormat.of().formatHex(Sha256.of(bytes), 0, 8) + '"';
    }

    /** One file, ready to send. */
    private record Page(String type, Buffer plain, Buffer gzip, String etag) {}
}
