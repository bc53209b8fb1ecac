package skynet.house.bad;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** One class for each way to look at the clock on the wall or to throw dice, of which a noun may take none. */
final class Watches {
    private Watches() {}

    /** Looks at the wall. */
    static final class Millis {
        final long now = System.currentTimeMillis();
    }

    /** Looks at the wall. */
    static final class Nanos {
        final long now = System.nanoTime();
    }

    /** Looks at the wall. */
    static final class Moment {
        final Instant now = Instant.now();
    }

    /** Looks at the wall. */
    static final class Day {
        final LocalDate now = LocalDate.now(ZoneOffset.UTC);
    }

    /** Looks at the wall. */
    static final class WallClock {
        final Clock now = Clock.systemUTC();
    }

    /** Looks at the wall. */
    static final class WallSource {
        final InstantSource now = InstantSource.system();
    }

    /** Throws dice. */
    static final class Dice {
        final Random dice = new Random();
    }

    /** Throws dice. */
    static final class OwnDice {
        final int thrown = ThreadLocalRandom.current().nextInt();
    }

    /** Throws dice. */
    static final class Throw {
        final double thrown = Math.random();
    }

    /** Throws dice later. */
    static final class Ids {
        final Supplier<UUID> thrown = UUID::randomUUID;
    }

    /** Throws dice. */
    static final class Id {
        final UUID thrown = UUID.randomUUID();
    }
}
