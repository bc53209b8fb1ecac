package skynet.cascade.model;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a model has read of one conversation, in the form in which it keeps it. Whoever begins one closes it. */
final class Attention implements AutoCloseable {
    private final Map<String, OnnxTensor> past = new LinkedHashMap<>();
    private int length;

    /** By the names of the model's inputs. */
    Map<String, OnnxTensor> past() {
        return past;
    }

    /** Tokens read. */
    int length() {
        return length;
    }

    /** The model has read so many tokens more. */
    void become(Map<String, OnnxTensor> next, int read) {
        close();
        past.putAll(next);
        length += read;
    }

    @Override
    public void close() {
        past.values().forEach(OnnxTensor::close);
        past.clear();
    }
}
