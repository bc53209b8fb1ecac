package skynet.dictionary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

/** Makes a table file of a pack: the same pack gives the same bytes, on every machine. */
final class TableBuilder {
    private final Lexicon lexicon;
    private final int[] slots;
    private final Phrases phrases;
    private final PerfectHash perfect;
    private final byte[] names;
    private final TableHeader header;
    private final ByteBuffer file;

    private TableBuilder(Lexicon lexicon, byte[] packDigest) {
        if (lexicon.count == 0) {
            throw new IllegalArgumentException("tokens: 0 (expected: at least 1)");
        }
        this.lexicon = lexicon;
        this.slots = SlotAssignment.assign(lexicon, MeaningOrder.of(lexicon));
        this.phrases = Phrases.of(lexicon);
        this.perfect = PerfectHash.of(lexicon);
        this.names = lexicon.names.lines().getBytes(StandardCharsets.UTF_8);
        this.header = TableHeader.plan(lexicon.count, packDigest, lengths());
        this.file = ByteBuffer.allocate((int) header.fileBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Expands the pack into {@code target}, which appears complete or not at all. */
    static void expand(byte[] pack, Path target) throws IOException {
        byte[] table = build(pack);
        Path temporary = Files.createTempFile(target.toAbsolutePath().getParent(), "dictionary-", ".part");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(table);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The bytes of the table file. */
    static byte[] build(byte[] pack) throws IOException {
        return build(PackReader.read(pack), TableHeader.sha256().digest(pack));
    }

    private static byte[] build(Lexicon lexicon, byte[] packDigest) {
        TableBuilder builder = new TableBuilder(lexicon, packDigest);
        builder.entries();
        builder.pilots();
        builder.text();
        builder.records();
        builder.plane();
        builder.pairs();
        builder.links();
        builder.counts();
        builder.section(Section.NAMES).put(0, builder.names);
        builder.header.seal(builder.file);
        return builder.file.array();
    }

    private long[] lengths() {
        int count = lexicon.count;
        Map<Section, Long> length = new EnumMap<>(Section.class);
        length.put(Section.ENTRIES, (long) TableLayout.entries(count) * TokenLayout.ENTRY_BYTES);
        length.put(Section.PILOTS, perfect.pilots.length * 2L);
        length.put(Section.TEXT, (long) lexicon.text.length + Section.TEXT_SLACK);
        length.put(Section.RECORDS, (long) count * TokenLayout.RECORD_BYTES);
        length.put(Section.PLANE_BLOCKS, (long) PlaneIndex.blockBytes(count));
        length.put(Section.PLANE_IDS, count * 2L);
        length.put(Section.PAIRS, TableLayout.pairBits(count) / 8L);
        length.put(Section.LINK_STARTS, (count + 1) * 4L);
        length.put(Section.LINK_TARGETS, lexicon.links.length * 8L);
        length.put(Section.COUNTS, (long) TableLayout.countsBytes());
        length.put(Section.NAMES, (long) names.length);
        return length.values().stream().mapToLong(Long::longValue).toArray();
    }

    private ByteBuffer section(Section section) {
        return header.slice(file, section);
    }

    private void entries() {
        ByteBuffer entries = section(Section.ENTRIES);
        ByteBuffer text = ByteBuffer.wrap(lexicon.text);
        byte[] word = new byte[TokenLayout.WORD_BYTES_MAX + 16];
        for (int id = 0; id < lexicon.count; id++) {
            int length = lexicon.length(id);
            text.get(lexicon.start[id], word, 0, length);
            int at = perfect.entries[id] << TokenLayout.ENTRY_SHIFT;
            entries.putLong(at, WordHash.head(word, 0, length));
            entries.putLong(at + 8, second(word, id, length));
        }
    }

    private long second(byte[] word, int id, int length) {
        long identity = (long) id << TokenLayout.ENTRY_ID_SHIFT;
        if (length <= TokenLayout.INLINE_BYTES_MAX) {
            return WordHash.tail(word, 0, length) | identity | (long) length << TokenLayout.ENTRY_LENGTH_SHIFT;
        }
        return lexicon.start[id]
                | (long) length << 24
                | identity
                | TokenLayout.ENTRY_LONG << TokenLayout.ENTRY_LENGTH_SHIFT;
    }

    private void pilots() {
        section(Section.PILOTS).asShortBuffer().put(perfect.pilots);
    }

    private void text() {
        section(Section.TEXT).put(0, lexicon.text);
    }

    private void records() {
        ByteBuffer records = section(Section.RECORDS);
        for (int id = 0; id < lexicon.count; id++) {
            int at = id << TokenLayout.RECORD_SHIFT;
            records.putLong(
                    at,
                    TokenLayout.place(
                            lexicon.start[id],
                            lexicon.length(id),
                            Plane.ringOf(id),
                            slots[id],
                            phrases.starters.get(id),
                            lexicon.surfaceCase[id],
                            lexicon.language[id],
                            lexicon.sectorSource[id]));
            records.putLong(
                    at + TokenLayout.MEANING,
                    TokenLayout.meaning(
                            lexicon.sector[id],
                            lexicon.partOfSpeech[id],
                            lexicon.lemma[id],
                            lexicon.languageMask[id] & 0xFFFF,
                            sense(id)));
        }
    }

    private int sense(int id) {
        int order = lexicon.order[id];
        if (order >= TokenLayout.SENSE_UNKNOWN && order != PackStream.ORDER_MAX) {
            throw new IllegalArgumentException(
                    "sense: " + order + " (expected: below " + TokenLayout.SENSE_UNKNOWN + ", or unknown)");
        }
        return Math.min(order, TokenLayout.SENSE_UNKNOWN);
    }

    private void plane() {
        int[] idOfCode = new int[Plane.ringsFor(lexicon.count) * Plane.SLOTS];
        for (int id = 0; id < lexicon.count; id++) {
            idOfCode[Plane.ringOf(id) << Plane.SLOT_BITS | slots[id]] = id + 1;
        }
        ByteBuffer blocks = section(Section.PLANE_BLOCKS);
        ByteBuffer ids = section(Section.PLANE_IDS);
        int before = 0;
        for (int code = 0; code < idOfCode.length; code += PlaneIndex.BLOCK_CODES) {
            int first = before;
            int taken = 0;
            int ring = code >>> Plane.SLOT_BITS;
            for (int i = 0; i < PlaneIndex.BLOCK_CODES; i++) {
                if (idOfCode[code + i] > 0) {
                    taken |= 1 << i;
                    ids.putShort(2 * before++, (short) (idOfCode[code + i] - 1 - Plane.firstIdOf(ring)));
                }
            }
            blocks.putLong(
                    code / PlaneIndex.BLOCK_CODES * PlaneIndex.BLOCK_BYTES, (long) first << 32 | taken & 0xFFFFFFFFL);
        }
    }

    private void pairs() {
        section(Section.PAIRS).put(0, phrases.pairs.toByteArray());
    }

    private void links() {
        int[] next = new int[lexicon.count + 1];
        for (long link : lexicon.links) {
            next[Link.low(link) + 1]++;
            next[Link.high(link) + 1]++;
        }
        for (int id = 0; id < lexicon.count; id++) {
            next[id + 1] += next[id];
        }
        section(Section.LINK_STARTS).asIntBuffer().put(next);
        ByteBuffer targets = section(Section.LINK_TARGETS);
        // two passes over the sorted links keep each token's targets ascending: first the lower ones, then the higher
        for (long link : lexicon.links) {
            int lower = TokenLayout.link(Link.low(link), Link.lowLanguage(link), Link.highLanguage(link));
            targets.putInt(4 * next[Link.high(link)]++, lower);
        }
        for (long link : lexicon.links) {
            int higher = TokenLayout.link(Link.high(link), Link.highLanguage(link), Link.lowLanguage(link));
            targets.putInt(4 * next[Link.low(link)]++, higher);
        }
    }

    private void counts() {
        ByteBuffer counts = section(Section.COUNTS);
        int sectors = Sector.values().length;
        for (int id = 0; id < lexicon.count; id++) {
            increment(counts, lexicon.sector[id]);
            increment(counts, sectors + lexicon.language[id]);
        }
    }

    private static void increment(ByteBuffer counts, int index) {
        counts.putInt(4 * index, counts.getInt(4 * index) + 1);
    }
}
