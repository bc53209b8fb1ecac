package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.State;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.bus.codec.Lines;
import skynet.bus.codec.RecordCodec;
import skynet.bus.stream.Segment;
import skynet.kit.Database;
import skynet.kit.Gathering;

/**
 * Answers in PostgreSQL. Each segment moves {@code last_seq} of its answer from the number before it, under its attempt: so
 * there is no hole, no overlap and nothing of an attempt that has a successor, and what it costs can be charged beside it.
 */
public final class PostgresAnswerStore implements AnswerStore {
    /** Pieces of one page, in bytes; they fit into a frame of the bus. */
    static final int PAGE_BYTES_MAX = 40 << 10;

    /** Of a piece everything but its body, at most. */
    private static final int FRAME_COST = 96;

    private static final int PAGE_SEGMENTS_MAX = 4;

    /** Answers begun by one writing. */
    private static final int BEGUN_TOGETHER_MAX = 64;

    private static final int WRITINGS_MAX = 2;

    /** Segments that did not go with others are written one by one, so many at once; each waits for a lock two seconds at most. */
    private static final int ALONE_MAX = 2;

    /** Answers interrupted at once. */
    private static final int INTERRUPTED_MAX = 100;

    private static final String DROP_FAILED =
            """
            DELETE FROM cascade.answer
             WHERE id = $1
               AND tenant = $2
               AND state = 'failed'
            """;

    /** Those that are there already change nothing and are not told. */
    private static final String BEGIN_ALL =
            """
            WITH asked AS (
                SELECT *
                  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bytea[], $6::boolean[])
                    AS a (id, tenant, question, owner, wish, live)
            ), begun AS (
                INSERT INTO cascade.answer (id, tenant, question, owner, wish, live)
                SELECT id, tenant, question, owner, wish, live
                  FROM asked
                    ON CONFLICT (id) DO NOTHING
             RETURNING id, attempt, last_seq
            )
            INSERT INTO cascade.answer_begin (id, attempt, seq)
            SELECT id, attempt, last_seq + 1
              FROM begun
            RETURNING id, seq
            """;

    private static final String BEGIN =
            """
            INSERT INTO cascade.answer (id, tenant, question, owner, wish, live)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (id) DO NOTHING
            """;

    private static final String BEGIN_ATTEMPT =
            """
            INSERT INTO cascade.answer_begin (id, attempt, seq)
            SELECT id, attempt, last_seq + 1
              FROM cascade.answer
             WHERE id = $1
            """;

    private static final String CLAIM =
            """
            UPDATE cascade.answer
               SET attempt = attempt + 1, owner = $4, changed_at = now()
             WHERE id = $1
               AND tenant = $2
               AND attempt = $3
               AND attempt < 16
               AND state = 'running'
            """;

    private static final String FIND =
            """
            SELECT question, wish, live, state, owner, last_seq,
                   (SELECT array_agg(b.seq ORDER BY b.attempt) FROM cascade.answer_begin b WHERE b.id = a.id) AS begins
              FROM cascade.answer a
             WHERE id = $1
               AND tenant = $2
            """;

    private static final String MOVE =
            """
            UPDATE cascade.answer
               SET last_seq = $4, state = $5, changed_at = now()
             WHERE id = $1
               AND attempt = $2
               AND last_seq = $3 - 1
               AND state = 'running'
            """;

    private static final String KEEP =
            """
            INSERT INTO cascade.answer_segment (id, attempt, first_seq, last_seq, frames)
            VALUES ($1, $2, $3, $4, $5)
            """;

    /**
     * Each moves as by itself, told by its place; not told are those that do not move, and those that somebody else holds now,
     * for whom nobody else waits.
     */
    private static final String KEEP_ALL =
            """
            WITH said AS (
                SELECT *
                  FROM unnest($1::uuid[], $2::integer[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[])
                       WITH ORDINALITY
                    AS s (id, attempt, first_seq, last_seq, state, frames, place)
            ), free AS (
                SELECT a.id, s.place
                  FROM cascade.answer a
                  JOIN said s
                    ON s.id = a.id
                   AND s.attempt = a.attempt
                   AND s.first_seq - 1 = a.last_seq
                 WHERE a.state = 'running'
                   FOR NO KEY UPDATE OF a SKIP LOCKED
            ), moved AS (
                UPDATE cascade.answer a
                   SET last_seq = s.last_seq, state = s.state, changed_at = now()
                  FROM free f
                  JOIN said s
                    ON s.place = f.place
                 WHERE a.id = f.id
             RETURNING s.place
            )
            INSERT INTO cascade.answer_segment (id, attempt, first_seq, last_seq, frames)
            SELECT s.id, s.attempt, s.first_seq, s.last_seq, s.frames
              FROM said s
              JOIN moved m
                ON m.place = s.place
            RETURNING id, attempt
            """;

    private static final String HOW_FAR =
            """
            SELECT attempt, last_seq
              FROM cascade.answer
             WHERE id = $1
            """;

    private static final String READ =
            """
            SELECT s.frames
              FROM cascade.answer_segment s
              JOIN cascade.answer a ON a.id = s.id
             WHERE s.id = $1
               AND a.tenant = $2
               AND s.last_seq >= $3
             ORDER BY s.first_seq
             LIMIT $4
            """;

    private static final String RELEASE =
            """
            UPDATE cascade.answer
               SET owner = 0
             WHERE owner = $1
               AND state = 'running'
            """;

    private static final String LAST_ATTEMPT =
            """
            SELECT id, attempt, last_seq
              FROM cascade.answer
             WHERE id = $1
               AND tenant = $2
               AND attempt = $3
               AND attempt = 16
               AND state = 'running'
            """;

    private static final String SILENT =
            """
            SELECT id, attempt, last_seq
              FROM cascade.answer
             WHERE state = 'running'
               AND changed_at < now() - make_interval(secs => $1)
             ORDER BY changed_at
             LIMIT $2
            """;

    private static final String FORGET_THESE =
            """
            DELETE FROM cascade.answer
             WHERE tenant = $1
               AND id = ANY ($2::uuid[])
            """;

    private static final String FORGET =
            """
            DELETE FROM cascade.answer
             WHERE state <> 'running'
               AND changed_at < now() - make_interval(secs => $1)
            """;

    private final Database database;
    private final Gathering<Beginning, Optional<Claim>> beginnings;
    private final Gathering<Segment, Keeping> alone;

    public PostgresAnswerStore(Database database) {
        this.database = database;
        this.beginnings = new Gathering<>(WRITINGS_MAX, BEGUN_TOGETHER_MAX, Answers.STREAMS_MAX, this::beginAll);
        this.alone = new Gathering<>(
                ALONE_MAX, 1, 2 * Answers.STREAMS_MAX, one -> keep(one.get(0)).map(List::of));
    }

    /** An answer to be begun by a node. */
    private record Beginning(Cascade.Begin ask, int owner) {}

    @Override
    public Future<Claim> begin(Cascade.Begin ask, int owner) {
        return beginnings
                .add(new Beginning(ask, owner))
                .recover(failure -> failure instanceof Fault
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(Optional.empty()))
                .compose(begun -> begun.map(Future::succeededFuture).orElseGet(() -> beginOrFind(ask, owner)));
    }

    private Future<List<Optional<Claim>>> beginAll(List<Beginning> all) {
        return database.run(
                        BEGIN_ALL,
                        Tuple.of(
                                all.stream()
                                        .map(one -> UUID.fromString(one.ask().id()))
                                        .toArray(UUID[]::new),
                                all.stream().map(one -> one.ask().tenant()).toArray(String[]::new),
                                all.stream().map(one -> one.ask().question()).toArray(String[]::new),
                                all.stream().map(Beginning::owner).toArray(Integer[]::new),
                                all.stream().map(one -> pack(one.ask().wish())).toArray(Buffer[]::new),
                                all.stream().map(one -> one.ask().live()).toArray(Boolean[]::new)))
                .map(rows -> {
                    Map<UUID, Long> begun = new HashMap<>();
                    rows.forEach(row -> begun.put(row.getUUID("id"), row.getLong("seq")));
                    List<Optional<Claim>> claims = new ArrayList<>();
                    for (Beginning one : all) {
                        // Of two that are the same the first one wins, and the other one finds it.
                        claims.add(Optional.ofNullable(
                                        begun.remove(UUID.fromString(one.ask().id())))
                                .map(seq -> begun(one, seq)));
                    }
                    return claims;
                });
    }

    private static Claim begun(Beginning one, long seq) {
        Placed placed = new Placed(one.ask().id(), State.RUNNING, one.owner(), List.of(new Begin(1, seq)), seq - 1);
        return new Claim(new Asked(one.ask(), placed), true);
    }

    private Future<Claim> beginOrFind(Cascade.Begin ask, int owner) {
        UUID key = UUID.fromString(ask.id());
        String tenant = ask.tenant();
        Tuple row = Tuple.of(key, tenant, ask.question(), owner, pack(ask.wish()), ask.live());
        return database.together(connection -> run(connection, DROP_FAILED, Tuple.of(key, tenant))
                .compose(dropped -> run(connection, BEGIN, row))
                .compose(begun -> claimed(connection, tenant, ask.id(), begun.rowCount() == 1)));
    }

    @Override
    public Future<Claim> takeOver(String tenant, String id, int attempt, int owner) {
        Tuple claim = Tuple.of(UUID.fromString(id), tenant, attempt, owner);
        return database.together(connection -> run(connection, CLAIM, claim)
                .compose(moved -> moved.rowCount() == 1
                        ? claimed(connection, tenant, id, true)
                        : run(connection, LAST_ATTEMPT, Tuple.of(UUID.fromString(id), tenant, attempt))
                                .compose(last -> interruptAll(connection, last))
                                .compose(over -> claimed(connection, tenant, id, false))));
    }

    @Override
    public Future<Void> interrupt(Duration silence) {
        return database.together(
                connection -> run(connection, SILENT, Tuple.of((double) silence.toSeconds(), INTERRUPTED_MAX))
                        .compose(silent -> interruptAll(connection, silent)));
    }

    /** The last piece says so, to whoever reads on; an answer that came on meanwhile is left alone. */
    private static Future<Void> interruptAll(SqlConnection connection, RowSet<Row> rows) {
        Future<Void> all = Future.succeededFuture();
        for (Row row : rows) {
            Frame fault = new Frame(
                    row.getUUID("id").toString(),
                    row.getInteger("attempt"),
                    row.getLong("last_seq") + 1,
                    Kind.FAULT,
                    Lines.line(Resumed.interrupted()));
            Segment last = new Segment(fault.id(), fault.attempt(), List.of(fault));
            all = all.compose(before -> keep(connection, last)).mapEmpty();
        }
        return all;
    }

    private static Future<Claim> claimed(SqlConnection connection, String tenant, String id, boolean won) {
        UUID key = UUID.fromString(id);
        Future<?> begun = won ? run(connection, BEGIN_ATTEMPT, Tuple.of(key)) : Future.succeededFuture();
        return begun.compose(written -> run(connection, FIND, Tuple.of(key, tenant)))
                .map(rows -> new Claim(row(tenant, id, rows), won));
    }

    @Override
    public Future<Asked> find(String tenant, String id) {
        return database.run(FIND, Tuple.of(UUID.fromString(id), tenant)).map(rows -> row(tenant, id, rows));
    }

    @Override
    public Future<Keeping> keep(Segment segment) {
        return database.together(connection -> keep(connection, segment));
    }

    /** All in one statement that waits for no lock; those that did not move in it are written one by one. */
    @Override
    public Future<List<Future<Keeping>>> keep(List<Segment> segments) {
        return database.run(
                        KEEP_ALL,
                        Tuple.of(
                                segments.stream()
                                        .map(one -> UUID.fromString(one.id()))
                                        .toArray(UUID[]::new),
                                segments.stream().map(Segment::attempt).toArray(Integer[]::new),
                                segments.stream().map(Segment::firstSeq).toArray(Long[]::new),
                                segments.stream().map(Segment::lastSeq).toArray(Long[]::new),
                                segments.stream()
                                        .map(one -> stateAfter(one).name().toLowerCase(Locale.ROOT))
                                        .toArray(String[]::new),
                                segments.stream().map(one -> pack(one.frames())).toArray(Buffer[]::new)))
                .map(rows -> {
                    Set<Under> moved = new HashSet<>();
                    rows.forEach(row -> moved.add(new Under(row.getUUID("id"), row.getInteger("attempt"))));
                    return segments.stream()
                            .map(one -> moved.contains(new Under(UUID.fromString(one.id()), one.attempt()))
                                    ? Future.succeededFuture(Keeping.KEPT)
                                    : alone.add(one))
                            .toList();
                });
    }

    /** An answer under one of its attempts, of which there is one segment on its way at most. */
    private record Under(UUID id, int attempt) {}

    private static Future<Keeping> keep(SqlConnection connection, Segment segment) {
        UUID id = UUID.fromString(segment.id());
        State state = stateAfter(segment);
        Tuple move = Tuple.of(
                id,
                segment.attempt(),
                segment.firstSeq(),
                segment.lastSeq(),
                state.name().toLowerCase(Locale.ROOT));
        Tuple keep = Tuple.of(id, segment.attempt(), segment.firstSeq(), segment.lastSeq(), pack(segment.frames()));
        return run(connection, MOVE, move)
                .compose(moved -> moved.rowCount() == 1
                        ? run(connection, KEEP, keep).map(kept -> Keeping.KEPT)
                        : run(connection, HOW_FAR, Tuple.of(id)).map(rows -> before(rows, segment)));
    }

    /** The row did not move: the segment is kept already, or fenced. */
    private static Keeping before(RowSet<Row> rows, Segment segment) {
        Iterator<Row> found = rows.iterator();
        if (!found.hasNext()) {
            return Keeping.FENCED;
        }
        Row row = found.next();
        boolean same = row.getInteger("attempt") == segment.attempt();
        if (same && row.getLong("last_seq") < segment.lastSeq()) {
            throw new IllegalStateException("segment: from " + segment.firstSeq() + " (expected: from "
                    + (row.getLong("last_seq") + 1) + ", no hole and no overlap)");
        }
        return same ? Keeping.KEPT : Keeping.FENCED;
    }

    @Override
    public Future<List<Frame>> read(String tenant, String id, long from) {
        return database.run(READ, Tuple.of(UUID.fromString(id), tenant, from, PAGE_SEGMENTS_MAX))
                .map(rows -> page(rows, from));
    }

    @Override
    public Future<Void> release(int owner) {
        return database.run(RELEASE, Tuple.of(owner)).mapEmpty();
    }

    @Override
    public Future<Integer> forget(String tenant, List<String> ids) {
        UUID[] those = ids.stream().map(UUID::fromString).toArray(UUID[]::new);
        return database.run(FORGET_THESE, Tuple.tuple().addString(tenant).addArrayOfUUID(those))
                .map(RowSet::rowCount);
    }

    @Override
    public Future<Void> forget(Duration age) {
        return database.run(FORGET, Tuple.of((double) age.toSeconds())).mapEmpty();
    }

    private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values);
    }

    private static State stateAfter(Segment segment) {
        Kind last = segment.frames().get(segment.frames().size() - 1).kind();
        return last == Kind.END ? State.ENDED : last == Kind.FAULT ? State.FAILED : State.RUNNING;
    }

    private static Asked row(String tenant, String id, RowSet<Row> rows) {
        Iterator<Row> found = rows.iterator();
        if (!found.hasNext()) {
            throw Fault.absent("answer: none with this id");
        }
        Row row = found.next();
        List<Begin> begins = new ArrayList<>();
        for (Long seq : row.getArrayOfLongs("begins")) {
            begins.add(new Begin(begins.size() + 1, seq));
        }
        State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        return new Asked(
                new Cascade.Begin(tenant, id, row.getString("question"), wish(row), row.getBoolean("live")),
                new Placed(id, state, row.getInteger("owner"), begins, row.getLong("last_seq")));
    }

    private static Buffer pack(List<Frame> frames) {
        Buffer bytes = Buffer.buffer();
        frames.forEach(frame -> RecordCodec.write(bytes, frame));
        return bytes;
    }

    private static Buffer pack(Wish wish) {
        Buffer bytes = Buffer.buffer();
        RecordCodec.write(bytes, wish);
        return bytes;
    }

    /** Answers that an earlier release began have none. */
    private static Wish wish(Row row) {
        Buffer bytes = row.getBuffer("wish");
        return bytes == null ? Wish.NONE : RecordCodec.read(bytes, 0, Wish.class);
    }

    private static List<Frame> page(RowSet<Row> segments, long from) {
        List<Frame> page = new ArrayList<>();
        int bytes = 0;
        for (Row segment : segments) {
            Buffer frames = segment.getBuffer("frames");
            int at = 0;
            while (at < frames.length()) {
                Frame frame = RecordCodec.read(frames, at, Frame.class);
                at += Integer.BYTES + frames.getInt(at);
                if (frame.seq() < from) {
                    continue;
                }
                bytes += frame.bytes() + FRAME_COST;
                if (bytes > PAGE_BYTES_MAX) {
                    return page;
                }
                page.add(frame);
            }
        }
        return page;
    }
}
