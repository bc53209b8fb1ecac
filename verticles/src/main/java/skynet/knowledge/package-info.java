/**
 * Knowledge: documents go in, passages with exact places come out.
 *
 * <p>{@link skynet.knowledge.TextExtractor} reads a document, {@link skynet.knowledge.Chunker} cuts it into
 * passages, {@link skynet.knowledge.Embedder} turns a passage into a vector, {@link skynet.knowledge.SearchIndex}
 * finds it again by words and by meaning, and {@link skynet.knowledge.ExtractiveAnswer} quotes the sentences that
 * answer a question, or says that there are none. All offsets are UTF-16 positions in the document's text.
 */
package skynet.knowledge;
