package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * What the index holds of a document: a row for each passage, then one for the whole.
 *
 * <pre>
 * passage   key  tenant  collection  chunk  words  stems  title  meaning   ahead: rows to the whole
 *           meaning.7.1536: by the model of number 7, where another one than that of the JAR finds or will find
 * passage   …
 * whole     key  tenant  collection         allWords  allStems             passages: rows before it
 * </pre>
 *
 * They are written as one block and stay neighbours, so that the way from a passage to its whole and back is a
 * number. Words of passages and of wholes are in fields of their own: a search sees the one or the other.
 */
final class Rows {
    static final String KEY = "document";
    static final String TENANT = "tenant";
    static final String COLLECTION = "collection";
    static final String CHUNK = "chunk";
    static final String WORDS = "words";
    static final String STEMS = "stems";
    static final String TITLE = "title";
    static final String MEANING = "meaning";
    static final String ALL_WORDS = "allWords";
    static final String ALL_STEMS = "allStems";
    static final String AHEAD = "ahead";
    static final String PASSAGES = "passages";

    private Rows() {}

    /** The field of a model's vectors; those of two models never stand in one. Model 0 is that of the JAR. */
    static String meaning(int model, int dimensions) {
        return model == Sought.OF_THE_JAR ? MEANING : MEANING + '.' + model + '.' + dimensions;
    }

    /** How the text of each field becomes words; the same for documents and for questions. */
    static Analyzer analyzer() {
        Analyzer english = new EnglishAnalyzer();
        return new PerFieldAnalyzerWrapper(
                new FoldingAnalyzer(), Map.of(STEMS, english, TITLE, english, ALL_STEMS, english));
    }

    static List<Document> of(Shelfmark mark, String title, List<SearchIndex.Entry> entries) {
        List<Document> rows = new ArrayList<>(entries.size() + 1);
        String shown = title.equals(mark.document()) ? "" : title;
        StringBuilder all = new StringBuilder(shown);
        for (SearchIndex.Entry entry : entries) {
            all.append('\n').append(entry.text());
            rows.add(passage(mark, shown, entry, entries.size() - rows.size()));
        }
        rows.add(whole(mark, all.toString(), entries.size()));
        return rows;
    }

    private static Document passage(Shelfmark mark, String title, SearchIndex.Entry entry, int ahead) {
        Document row = row(mark);
        row.add(new StoredField(CHUNK, entry.chunk().index()));
        row.add(new TextField(WORDS, entry.text(), Field.Store.NO));
        row.add(new TextField(STEMS, entry.text(), Field.Store.NO));
        row.add(new TextField(TITLE, title, Field.Store.NO));
        row.add(new KnnFloatVectorField(MEANING, entry.vector(), VectorSimilarityFunction.COSINE));
        entry.others()
                .forEach((model, vector) -> row.add(new KnnFloatVectorField(
                        meaning(model, vector.length), vector, VectorSimilarityFunction.COSINE)));
        row.add(new NumericDocValuesField(AHEAD, ahead));
        return row;
    }

    private static Document whole(Shelfmark mark, String all, int passages) {
        Document row = row(mark);
        row.add(new TextField(ALL_WORDS, all, Field.Store.NO));
        row.add(new TextField(ALL_STEMS, all, Field.Store.NO));
        row.add(new NumericDocValuesField(PASSAGES, passages));
        return row;
    }

    private static Document row(Shelfmark mark) {
        Document row = new Document();
        row.add(new StringField(KEY, mark.key(), Field.Store.YES));
        row.add(new StringField(TENANT, mark.tenant(), Field.Store.NO));
        row.add(new StringField(COLLECTION, mark.collection(), Field.Store.NO));
        return row;
    }
}
