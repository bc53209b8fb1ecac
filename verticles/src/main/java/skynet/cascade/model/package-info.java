/** A language model on this node: its tokenizer, its ONNX graph, and the thread on which it writes token by token. */
package skynet.cascade.model;
