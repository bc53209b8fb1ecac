/**
 * The dictionary generator: it reads pinned, licensed sources of eight languages, keeps the million forms best attested
 * in running text and ties them together by lemma, sector and translation.
 *
 * <p>Run by hand when a source changes; the ordinary build uses the committed data pack and never needs this package.
 */
package skynet.dictionary.generator;
