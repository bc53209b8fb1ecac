/** Who somebody is and what they may: users, sessions, keys, second factors. */
package skynet.auth;
