package skynet.genom;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.Quadrant;
import skynet.dictionary.Sector;
import skynet.dictionary.TokenId;
import skynet.kit.Room;
import skynet.kit.Vitals;

/** Encodes, decodes and tells what the dictionary knows. What takes longer than a moment is done by a worker. */
public final class GenomVerticle extends Room {
    /** A longer text is encoded by a worker. */
    private static final int SHORT_CHARS_MAX = 4_000;

    private static final List<String> LANGUAGES = List.of("en", "cs", "de", "fr", "es", "it", "pt", "pl");

    private final CoordinateTable table;
    private final Tokens tokens;
    private final Speaker speaker;
    private final Translator translator;
    private final Vitals vitals;
    private List<Genom.Compression> compression = List.of();

    /** A room over an open table, speaking for a node since an epoch (seconds since 1970). */
    public GenomVerticle(Bus bus, CoordinateTable table, int node, long epoch, Vitals vitals) {
        super(bus);
        this.table = table;
        this.tokens = new Tokens(table);
        this.speaker = new Speaker(table, node, epoch);
        this.translator = new Translator(table);
        this.vitals = vitals;
    }

    @Override
    public Future<?> start() {
        vitals.check(
                "dictionary",
                () -> Future.succeededFuture(
                        new JsonObject().put("tokens", table.count()).put("version", table.version())));
        return Future.all(List.of(
                bus.serve(Genom.Encode.class, ask -> sized(ask.text().length(), () -> speaker.encode(ask.text()))),
                bus.serve(Genom.Decode.class, ask -> sized(ask.frame().length(), () -> speaker.decode(ask.frame()))),
                bus.serve(Genom.Translate.class, this::translate),
                bus.serve(Genom.Lookup.class, this::lookup),
                bus.serve(Genom.Nearest.class, this::nearest),
                bus.serve(Genom.Browse.class, browse -> vertx.executeBlocking(() -> page(browse))),
                bus.serve(Genom.Count.class, count -> counts())));
    }

    private <T> Future<T> sized(int chars, Supplier<T> work) {
        Callable<T> call = work::get;
        return chars <= SHORT_CHARS_MAX ? Future.succeededFuture(work.get()) : vertx.executeBlocking(call);
    }

    private Future<Genom.Translated> translate(Genom.Translate ask) {
        if (!LANGUAGES.contains(ask.target())) {
            throw new IllegalArgumentException("target: unknown language (expected: one of " + LANGUAGES + ")");
        }
        return vertx.executeBlocking(() -> new Genom.Translated(translator.translate(ask.text(), ask.target())));
    }

    private Future<Genom.Found> lookup(Genom.Lookup ask) {
        int id =
                switch (ask.key()) {
                    case WORD -> table.findWord(bounded(ask.value()));
                    case ID, HEX -> parse(ask.key(), bounded(ask.value()));
                };
        return id < 0 || id >= table.count()
                ? Future.failedFuture(Fault.absent("token: not in the dictionary"))
                : Future.succeededFuture(new Genom.Found(tokens.of(id)));
    }

    private Future<Genom.Page> nearest(Genom.Nearest ask) {
        int id = table.findWord(bounded(ask.word()));
        return id < 0
                ? Future.failedFuture(Fault.absent("word: not in the dictionary"))
                : vertx.executeBlocking(() -> new Genom.Page(
                        Arrays.stream(table.nearest(id, ask.limit()))
                                .mapToObj(tokens::of)
                                .toList(),
                        -1));
    }

    private Genom.Page page(Genom.Browse browse) {
        IntPredicate wanted = wanted(browse);
        List<Genom.Token> items = new ArrayList<>();
        int id = browse.cursor();
        for (; id < table.count() && items.size() < browse.limit(); id++) {
            if (wanted.test(id)) {
                items.add(tokens.of(id));
            }
        }
        while (id < table.count() && !wanted.test(id)) {
            id++;
        }
        return new Genom.Page(items, id < table.count() ? id : -1);
    }

    private IntPredicate wanted(Genom.Browse browse) {
        IntPredicate bySector = id -> true;
        if (!browse.sector().isEmpty()) {
            Sector sector = Stream.of(Sector.values())
                    .filter(one -> one.wireName().equals(browse.sector().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("sector: unknown (expected: one of "
                            + Stream.of(Sector.values()).map(Sector::wireName).toList() + ")"));
            bySector = id -> table.sector(id) == sector;
        }
        if (browse.quadrant().isEmpty()) {
            return bySector;
        }
        Quadrant quadrant = Stream.of(Quadrant.values())
                .filter(one -> one.name().equals(browse.quadrant()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("quadrant: unknown (expected: I, II, III or IV)"));
        return bySector.and(id -> table.quadrant(id) == quadrant);
    }

    /** Texts are measured when somebody asks first. */
    private Future<Genom.Counts> counts() {
        return compression.isEmpty()
                ? vertx.executeBlocking(() -> new Yardstick(table).measure()).map(measured -> {
                    compression = measured;
                    return dictionary();
                })
                : Future.succeededFuture(dictionary());
    }

    private Genom.Counts dictionary() {
        return new Genom.Counts(
                table.count(),
                table.version(),
                Stream.of(Sector.values())
                        .map(s -> new Genom.Tally(s.wireName(), table.count(s)))
                        .toList(),
                Stream.of(Quadrant.values())
                        .map(q -> new Genom.Tally(q.name(), table.count(q)))
                        .toList(),
                LANGUAGES.stream()
                        .map(l -> new Genom.Tally(l, table.countLanguage(l)))
                        .toList(),
                compression);
    }

    private static int parse(Genom.Key key, String value) {
        return TokenId.parse(
                key == Genom.Key.HEX && !value.toLowerCase(Locale.ROOT).startsWith("0x") ? "0x" + value : value);
    }

    private static String bounded(String value) {
        if (value.isEmpty() || value.length() > 100) {
            throw new IllegalArgumentException("lookup: " + value.length() + " characters (expected: 1 to 100)");
        }
        return value;
    }
}
