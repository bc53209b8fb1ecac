package skynet.bus.stream;

/**
 * Where segments are kept for whoever reads later. It answers every segment by one call of {@link StreamSource#kept},
 * {@link StreamSource#notKept} when that is unknown or did not work, or {@link StreamSource#fenced} when a later attempt has
 * begun; never from within {@code keep}.
 */
public interface SegmentStore {
    void keep(Segment segment);
}
