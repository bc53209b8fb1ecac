/** The million-token coordinate table: real words at fixed points of the complex plane, read from one off-heap file. */
package skynet.dictionary;
