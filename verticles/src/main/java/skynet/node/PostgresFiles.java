package skynet.node;

import static skynet.kit.ExitCode.BAD_SETTINGS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import skynet.kit.StartFailure;

/** The database files of the embedded server and the password that opens them: made once, checked at each start. */
final class PostgresFiles {
    static final String USER = "skynet";
    static final String DATABASE = "skynet";

    private static final int PASSWORD_BYTES = 24;

    private final Path data;
    private final Path secret;
    private final PostgresPrograms programs;

    PostgresFiles(DataDirectory directory, PostgresPrograms programs) {
        this.data = directory.postgres().resolve("data");
        this.secret = directory.secrets().resolve("postgres");
        this.programs = programs;
    }

    /** Refuses files that a PostgreSQL of another major version wrote; files that are not there yet are fine. */
    static void checkVersion(Path data) throws IOException {
        Path file = data.resolve("PG_VERSION");
        if (!Files.exists(data)) {
            return;
        }
        String version = Files.exists(file) ? Files.readString(file).strip() : "unknown";
        if (!version.equals(Integer.toString(PostgresBinaries.MAJOR))) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "PostgreSQL: " + data + " was written by version " + version + " (expected: "
                            + PostgresBinaries.MAJOR + ")",
                    "start the SKYNET release that wrote it and move the data with pg_dump, or choose another"
                            + " directory with --data-dir");
        }
    }

    Path path() {
        return data;
    }

    /**
     * Makes what is missing and returns the password. The password is kept last: a start that is cut short before leaves
     * none behind, so that the next one sets another.
     */
    String prepare(Consumer<String> progress) throws IOException, InterruptedException {
        boolean fresh = !Files.exists(data);
        boolean lost = !Files.exists(secret);
        String password = lost ? newPassword() : Files.readString(secret).strip();
        if (fresh) {
            progress.accept("creating the database files");
            create(password);
        } else if (lost) {
            progress.accept("setting a new database password");
            single(data, "ALTER ROLE " + USER + " PASSWORD '" + password + "'");
        }
        if (lost) {
            keep(password);
        }
        return password;
    }

    /** Works beside the final place and renames: database files that exist are whole. */
    private void create(String password) throws IOException, InterruptedException {
        Path fresh = data.resolveSibling("data.new");
        Path passwordFile = data.resolveSibling("password.new");
        PostgresBinaries.delete(fresh);
        try {
            writeSecret(passwordFile, password);
            programs.run(
                    "initdb",
                    List.of(
                            "--pgdata=" + fresh,
                            "--username=" + USER,
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--data-checksums",
                            "--encoding=UTF8",
                            "--locale=C"),
                    "");
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        single(fresh, "CREATE DATABASE " + DATABASE);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Runs one statement in a server of one user, which asks for no password. */
    private void single(Path directory, String statement) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--single", "-D", directory.toString()));
        arguments.addAll(List.of("-c", "log_statement=none", "-c", "log_min_error_statement=panic", "postgres"));
        String output = programs.run("postgres", arguments, statement + ";\n");
        if (output.contains("ERROR:")) {
            throw programs.failed("postgres", output);
        }
    }

    private static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private void keep(String password) throws IOException {
        Path fresh = secret.resolveSibling("postgres.new");
        writeSecret(fresh, password);
        Files.move(fresh, secret, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeSecret(Path file, String password) throws IOException {
        Files.deleteIfExists(file);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(file, ownerOnly);
        Files.writeString(file, password + "\n", StandardOpenOption.WRITE);
    }
}
