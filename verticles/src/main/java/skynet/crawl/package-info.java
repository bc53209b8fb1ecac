/**
 * Reads web sites politely and teaches what it read: addresses that may be asked, robots.txt, a frontier in PostgreSQL, and
 * pairs of question and answer that wait for somebody's approval.
 */
package skynet.crawl;
