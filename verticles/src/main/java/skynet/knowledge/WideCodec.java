package skynet.knowledge;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own way of writing an index, for vectors of up to {@value Embedder#DIMENSIONS_MAX} dimensions: 1,024 is all that it
 * allows by itself. The bytes and the names in them are Lucene's own, so any Lucene of the same release reads them.
 */
final class WideCodec extends FilterCodec {
    private static final Codec PLAIN = Codec.getDefault();

    private final KnnVectorsFormat wide =
            new Wide(((PerFieldKnnVectorsFormat) PLAIN.knnVectorsFormat()).getKnnVectorsFormatForField(Rows.MEANING));

    private final KnnVectorsFormat format = new PerFieldKnnVectorsFormat() {
        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return wide;
        }
    };

    WideCodec() {
        super(PLAIN.getName(), PLAIN);
    }

    @Override
    public KnnVectorsFormat knnVectorsFormat() {
        return format;
    }

    /** A format under its own name, with a wider bound. */
    private static final class Wide extends KnnVectorsFormat {
        private final KnnVectorsFormat plain;

        Wide(KnnVectorsFormat plain) {
            super(plain.getName());
            this.plain = plain;
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return plain.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return plain.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return Embedder.DIMENSIONS_MAX;
        }
    }
}
