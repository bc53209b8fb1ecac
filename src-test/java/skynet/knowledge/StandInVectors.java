package skynet.knowledge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import skynet.kit.PgUri;

/**
 * Stands in for pgvector on a PostgreSQL of a test: an extension of the same name whose type keeps a vector's text and whose one
 * operator takes it apart. It is slow and right, and shows that what is said to pgvector is SQL that does what it should.
 */
final class StandInVectors {
    private static final String CONTROL_FILE = "vector.control";
    private static final String SCRIPT_FILE = "vector--1.0.sql";

    private static final String CONTROL =
            """
            comment = 'stand-in for pgvector'
            default_version = '1.0'
            relocatable = true
            """;

    private static final String SCRIPT =
            """
            CREATE TYPE vector;
            CREATE FUNCTION vector_in(cstring) RETURNS vector AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
            CREATE FUNCTION vector_out(vector) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
            CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer AS 'varchartypmodin' LANGUAGE internal IMMUTABLE STRICT;
            CREATE FUNCTION vector_typmod_out(integer) RETURNS cstring AS 'varchartypmodout' LANGUAGE internal IMMUTABLE STRICT;
            CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = vector_typmod_in,
                TYPMOD_OUT = vector_typmod_out, LIKE = text);
            CREATE CAST (text AS vector) WITH INOUT;
            CREATE FUNCTION vector_sized(vector, integer, boolean) RETURNS vector AS $$
            BEGIN
                IF $2 >= 0 AND cardinality(translate($1::text, '[]', '{}')::float8[]) <> $2 - 4 THEN
                    RAISE EXCEPTION 'expected % dimensions', $2 - 4;
                END IF;
                RETURN $1;
            END
            $$ LANGUAGE plpgsql IMMUTABLE STRICT;
            CREATE CAST (vector AS vector) WITH FUNCTION vector_sized AS IMPLICIT;
            CREATE FUNCTION vector_distance(vector, vector) RETURNS float8 AS $$
                SELECT 1 - sum(l * r) / sqrt(sum(l * l) * sum(r * r))
                  FROM unnest(translate($1::text, '[]', '{}')::float8[], translate($2::text, '[]', '{}')::float8[]) AS n (l, r)
            $$ LANGUAGE sql IMMUTABLE STRICT;
            CREATE OPERATOR <=> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_distance, COMMUTATOR = <=>);
            """;

    private StandInVectors() {}

    /** Puts it among the extensions of a server on this machine. */
    static void install(PgUri uri) throws Exception {
        Path extensions = extensions(uri);
        Files.writeString(extensions.resolve(CONTROL_FILE), CONTROL);
        Files.writeString(extensions.resolve(SCRIPT_FILE), SCRIPT);
    }

    /** Takes it out of a server again, with what was made of it. */
    static void remove(PgUri uri) throws Exception {
        try (Connection connection = connection(uri);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS public.skynet_passage");
            statement.execute("DROP EXTENSION IF EXISTS vector CASCADE");
        }
        Files.delete(extensions(uri).resolve(CONTROL_FILE));
        Files.delete(extensions(uri).resolve(SCRIPT_FILE));
    }

    private static Path extensions(PgUri uri) throws Exception {
        try (Connection connection = connection(uri);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'")) {
            rows.next();
            return Path.of(rows.getString(1), "extension");
        }
    }

    private static Connection connection(PgUri uri) throws Exception {
        return DriverManager.getConnection(
                uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
    }
}
