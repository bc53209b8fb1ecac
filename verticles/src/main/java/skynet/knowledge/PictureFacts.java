package skynet.knowledge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.ExifParentTIFFTagSet;
import javax.imageio.plugins.tiff.ExifTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * What a picture says of itself: Exif fields of JPEG and TIFF (CIPA DC-008), and the comments of the others. Where it was
 * taken is left out: nobody expects to publish that with a picture.
 */
record PictureFacts(String description, String taken, String camera, String author, List<String> comments) {
    private static final int CHARS_MAX = 500;
    private static final int COMMENTS_MAX = 20;

    /** The application segment of a JPEG in which Exif stands, and how that begins. */
    private static final String EXIF_MARKER = "225";

    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

    PictureFacts {
        comments = List.copyOf(comments);
    }

    /** Whatever can be read; a picture that says nothing, or nothing that is well formed, has none. */
    static PictureFacts of(ImageReader reader) {
        try {
            IIOMetadata metadata = reader.getImageMetadata(0);
            if (metadata == null) return of(Optional.empty(), List.of());
            return of(directory(reader, metadata), comments(metadata));
        } catch (IOException | RuntimeException e) {
            return of(Optional.empty(), List.of());
        }
    }

    /** One sentence for each of them that there is. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (!description.isEmpty()) sentences.add("Described as: " + description);
        if (!taken.isEmpty() || !camera.isEmpty()) {
            sentences.add("Taken" + (taken.isEmpty() ? "" : " at " + taken)
                    + (camera.isEmpty() ? "" : " with " + camera) + ".");
        }
        if (!author.isEmpty()) sentences.add("By: " + author);
        sentences.addAll(comments);
        return sentences;
    }

    private static PictureFacts of(Optional<TIFFDirectory> exif, List<String> comments) {
        Optional<TIFFDirectory> more = exif.map(one -> one.getTIFFField(ExifParentTIFFTagSet.TAG_EXIF_IFD_POINTER))
                .filter(TIFFField::hasDirectory)
                .map(TIFFField::getDirectory);
        String original = text(more, ExifTIFFTagSet.TAG_DATE_TIME_ORIGINAL);
        String taken = original.isEmpty() ? text(exif, BaselineTIFFTagSet.TAG_DATE_TIME) : original;
        String camera = Stream.of(BaselineTIFFTagSet.TAG_MAKE, BaselineTIFFTagSet.TAG_MODEL)
                .map(tag -> text(exif, tag))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        return new PictureFacts(
                text(exif, BaselineTIFFTagSet.TAG_IMAGE_DESCRIPTION),
                taken.replaceFirst("^(\\d{4}):(\\d{2}):(\\d{2})", "$1-$2-$3"),
                camera,
                text(exif, BaselineTIFFTagSet.TAG_ARTIST),
                comments);
    }

    private static Optional<TIFFDirectory> directory(ImageReader reader, IIOMetadata metadata) throws IOException {
        if (reader.getFormatName().equalsIgnoreCase("tif")
                || reader.getFormatName().equalsIgnoreCase("tiff")) {
            return Optional.of(TIFFDirectory.createFromMetadata(metadata));
        }
        Optional<byte[]> segment = exif(metadata);
        if (segment.isEmpty()) return Optional.empty();
        ImageReader tiff = ImageIO.getImageReadersByFormatName("TIFF").next();
        byte[] bytes = segment.get();
        try (ImageInputStream in = ImageIO.createImageInputStream(
                new ByteArrayInputStream(bytes, EXIF.length, bytes.length - EXIF.length))) {
            tiff.setInput(in);
            return Optional.of(TIFFDirectory.createFromMetadata(tiff.getImageMetadata(0)));
        } finally {
            tiff.dispose();
        }
    }

    private static Optional<byte[]> exif(IIOMetadata metadata) {
        String format = metadata.getNativeMetadataFormatName();
        if (format == null || !format.startsWith("javax_imageio_jpeg")) return Optional.empty();
        NodeList segments = ((IIOMetadataNode) metadata.getAsTree(format)).getElementsByTagName("unknown");
        for (int i = 0; i < segments.getLength(); i++) {
            IIOMetadataNode segment = (IIOMetadataNode) segments.item(i);
            if (segment.getAttribute("MarkerTag").equals(EXIF_MARKER)
                    && segment.getUserObject() instanceof byte[] bytes
                    && bytes.length > EXIF.length
                    && Arrays.equals(bytes, 0, EXIF.length, EXIF, 0, EXIF.length)) {
                return Optional.of(bytes);
            }
        }
        return Optional.empty();
    }

    private static List<String> comments(IIOMetadata metadata) {
        if (!metadata.isStandardMetadataFormatSupported()) return List.of();
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(IIOMetadataFormatImpl.standardMetadataFormatName);
        NodeList entries = root.getElementsByTagName("TextEntry");
        List<String> comments = new ArrayList<>();
        for (int i = 0; i < Math.min(entries.getLength(), COMMENTS_MAX); i++) {
            Node value = entries.item(i).getAttributes().getNamedItem("value");
            Node keyword = entries.item(i).getAttributes().getNamedItem("keyword");
            String text = value == null ? "" : clean(value.getNodeValue());
            String name = keyword == null ? "" : clean(keyword.getNodeValue());
            if (!text.isEmpty()) comments.add((name.isEmpty() ? "Comment" : name) + ": " + text);
        }
        return comments;
    }

    private static String text(Optional<TIFFDirectory> directory, int tag) {
        return directory
                .map(one -> one.getTIFFField(tag))
                .filter(field -> field.getCount() > 0)
                .map(field -> clean(field.getAsString(0)))
                .orElse("");
    }

    private static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= CHARS_MAX ? line : line.substring(0, CHARS_MAX);
    }
}
