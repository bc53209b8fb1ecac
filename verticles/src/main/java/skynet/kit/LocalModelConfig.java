package skynet.kit;

import java.nio.file.Path;

/**
 * A language model that the node's owner gives it.
 *
 * @param place its folder, or one of several models in it
 * @param natives where the runtime's native code is unpacked
 */
public record LocalModelConfig(Path place, Path natives) {}
