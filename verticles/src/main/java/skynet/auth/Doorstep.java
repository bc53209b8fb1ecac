package skynet.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/**
 * How often somebody may try to get in. Three counts: by account and address together, by address, and by account from
 * addresses where its owner never was. So whoever guesses is stopped, however many addresses they have, and the owner gets
 * in from where they have been before.
 */
final class Doorstep {
    static final int PER_PAIR = 5;
    static final int PER_ADDRESS = 50;
    static final int PER_ACCOUNT = 25;
    static final int REGISTRATIONS = 3;

    /** On this machine itself whoever registers is an operator who tries things out. */
    static final int REGISTRATIONS_HERE = 60;

    private final Throttle pairs;
    private final Throttle addresses;
    private final Throttle accounts;
    private final Throttle registrations;
    private final Throttle registrationsHere;

    Doorstep(InstantSource clock) {
        Duration minute = Duration.ofMinutes(1);
        Duration hour = Duration.ofHours(1);
        pairs = new Throttle(PER_PAIR, minute, clock);
        addresses = new Throttle(PER_ADDRESS, minute, clock);
        accounts = new Throttle(PER_ACCOUNT, minute, clock);
        registrations = new Throttle(REGISTRATIONS, hour, clock);
        registrationsHere = new Throttle(REGISTRATIONS_HERE, hour, clock);
    }

    /** Seconds to wait before trying an account from an address; 0: now. Counts the attempt when it may be made. */
    int attempt(String account, String address, boolean familiar) {
        String pair = pair(account, address);
        int wait = Math.max(pairs.waitSeconds(pair), addresses.waitSeconds(address));
        if (!familiar) {
            wait = Math.max(wait, accounts.waitSeconds(name(account)));
        }
        if (wait == 0) {
            pairs.count(pair);
            addresses.count(address);
            if (!familiar) {
                accounts.count(name(account));
            }
        }
        return wait;
    }

    /** The attempt was good. */
    void forgive(String account, String address, boolean familiar) {
        pairs.forgive(pair(account, address));
        addresses.forgive(address);
        if (!familiar) {
            accounts.forgive(name(account));
        }
    }

    /** Seconds to wait before registering from an address; 0: now, and counted. */
    int register(String address, boolean here) {
        Throttle throttle = here ? registrationsHere : registrations;
        int wait = throttle.waitSeconds(address);
        if (wait == 0) {
            throttle.count(address);
        }
        return wait;
    }

    private static String pair(String account, String address) {
        return name(account) + ' ' + address;
    }

    private static String name(String account) {
        return account.toLowerCase(Locale.ROOT);
    }
}
