package skynet.node;

import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.NOT_ALLOWED;
import static skynet.kit.ExitCode.TRY_LATER;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import skynet.kit.StartFailure;

/**
 * The one directory in which a node keeps everything, held by one node at a time.
 *
 * <p>The lock is one of the operating system on {@code node.lock}: it goes with the process, however that ends, so that
 * nothing has to be cleaned up after a {@code kill -9}.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String ANOTHER = "choose another with --data-dir or SKYNET_DATA_DIR";
    private static final int PID_BYTES_MAX = 20;

    /** Directories held by this process: a second channel on the lock file would drop the first one's lock on closing. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /** Creates the directory (mode 0700) where it is missing, proves that it can be written to, and takes its lock. */
    public static DataDirectory open(Path directory) {
        Path root = create(directory);
        if (!HELD.add(root)) {
            throw inUse(root, "this process");
        }
        try {
            return lock(root);
        } catch (IOException e) {
            HELD.remove(root);
            throw unusable(root, e);
        } catch (StartFailure e) {
            HELD.remove(root);
            throw e;
        }
    }

    public Path root() {
        return root;
    }

    /** Returns the sub-directory of that name, created with mode 0700 where it is missing. */
    public Path sub(String name) {
        return create(root.resolve(name));
    }

    public Path postgres() {
        return sub("postgres");
    }

    public Path secrets() {
        return sub("secrets");
    }

    public Path dictionary() {
        return sub("dictionary");
    }

    /** Gives the directory back. The lock file stays: removing it would let two nodes lock two different files. */
    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            // The lock goes with the process anyway.
        } finally {
            HELD.remove(root);
        }
    }

    private static Path create(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                var ownerOnly = PosixFilePermissions.fromString("rwx------");
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
            }
            return directory.toRealPath();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static DataDirectory lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve("node.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            try (channel) {
                throw inUse(root, holder(channel));
            }
        }
        channel.truncate(0);
        channel.write(
                StandardCharsets.US_ASCII.encode(
                        Long.toString(ProcessHandle.current().pid())),
                0);
        return new DataDirectory(root, channel, lock);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
        return text.matches("\\d+") ? "process " + text : "another process";
    }

    private static StartFailure inUse(Path root, String holder) {
        return new StartFailure(
                TRY_LATER,
                "data directory: " + root + " is in use by " + holder + " (expected: one node per directory)",
                "stop the other node, or " + ANOTHER);
    }

    private static StartFailure unusable(Path directory, IOException cause) {
        String reason =
                cause instanceof FileSystemException known ? reasonOf(known) : String.valueOf(cause.getMessage());
        boolean denied = cause instanceof java.nio.file.AccessDeniedException;
        return new StartFailure(
                denied ? NOT_ALLOWED : BAD_SETTINGS,
                "data directory: " + directory + " cannot be used: " + reason + " (expected: a directory that "
                        + System.getProperty("user.name") + " can write to)",
                "change its owner, or " + ANOTHER,
                cause);
    }

    private static String reasonOf(FileSystemException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() + " " + e.getFile() : e.getReason();
    }
}
