/** Several nodes as one: keys, meeting, links, and who is a member. Only this package knows Hazelcast. */
package skynet.node.cluster;
