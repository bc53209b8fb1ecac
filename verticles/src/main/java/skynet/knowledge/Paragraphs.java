package skynet.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/**
 * Takes the text of a page with its paragraphs: they begin where the gap between two lines is clearly wider than is usual on
 * that page, and where the font gets larger or smaller. How high PDFBox holds glyphs for depends on the program that made
 * the file; a fixed share of that height takes each line of some programs for a paragraph.
 */
final class Paragraphs extends PDFTextStripper {
    /** A gap of less than so many times the height of glyphs ends no paragraph. */
    private static final float DROP_MIN = 2.5f;

    /** A gap that is wider than the usual one by this factor ends a paragraph. */
    private static final float WIDER = 1.25f;

    /** Lines farther apart than so many sizes of their font are paragraphs of one line each. */
    private static final float GAP_SIZES_MAX = 1.9f;

    /** Gaps are alike when they are the same in tenths of the font's size. */
    private static final int PARTS = 10;

    /** A gap is usual when at least one of so many is like it; the narrowest of them counts. */
    private static final int USUAL = 5;

    /** Fonts differ when one is larger by this factor. */
    private static final float LARGER = 1.2f;

    /** The first glyphs of lines that have another size than the line above. */
    private final Set<TextPosition> changes = Collections.newSetFromMap(new IdentityHashMap<>());

    /** From one line to the next, as its first glyph and the one of the line above tell. */
    private record Step(TextPosition above, TextPosition below, float height) {
        float gap() {
            return below.getYDirAdj() - above.getYDirAdj();
        }

        float size() {
            return above.getYScale();
        }

        boolean changesSize() {
            return Math.max(size(), below.getYScale()) > LARGER * Math.min(size(), below.getYScale());
        }

        int parts() {
            return Math.round(PARTS * gap() / size());
        }
    }

    @Override
    protected void writePage() throws IOException {
        changes.clear();
        setDropThreshold(DROP_MIN);
        for (List<TextPosition> article : getCharactersByArticle()) {
            List<Step> steps = steps(article);
            steps.stream().filter(Step::changesSize).map(Step::below).forEach(changes::add);
            setDropThreshold(Math.max(getDropThreshold(), WIDER * usualGap(steps)));
        }
        super.writePage();
    }

    @Override
    protected void writeString(String text, List<TextPosition> glyphs) throws IOException {
        if (!glyphs.isEmpty() && changes.remove(glyphs.get(0))) {
            writeParagraphSeparator();
        }
        super.writeString(text, glyphs);
    }

    private static List<Step> steps(List<TextPosition> article) {
        List<Step> steps = new ArrayList<>();
        TextPosition first = null;
        float height = 0;
        for (TextPosition glyph : article) {
            if (glyph.getHeightDir() <= 0 || glyph.getUnicode().isBlank()) continue;
            boolean isNext =
                    first != null && glyph.getYDirAdj() - first.getYDirAdj() > Math.max(height, glyph.getHeightDir());
            if (isNext) steps.add(new Step(first, glyph, height));
            if (isNext || first == null || glyph.getYDirAdj() < first.getYDirAdj() - height) {
                first = glyph;
                height = 0;
            }
            height = Math.max(height, glyph.getHeightDir());
        }
        return steps;
    }

    /** How far apart lines that follow each other are, in heights of their glyphs; 0 when none seem to. */
    private static float usualGap(List<Step> steps) {
        TreeMap<Integer, List<Step>> alike = new TreeMap<>();
        for (Step step : steps) {
            if (step.size() > 0 && !step.changesSize()) {
                alike.computeIfAbsent(step.parts(), parts -> new ArrayList<>()).add(step);
            }
        }
        return alike.headMap(Math.round(PARTS * GAP_SIZES_MAX), true).values().stream()
                .filter(group -> group.size() * USUAL >= steps.size())
                .findFirst()
                .map(group -> (float) group.stream()
                        .mapToDouble(step -> step.gap() / step.height())
                        .average()
                        .orElse(0))
                .orElse(0f);
    }
}
