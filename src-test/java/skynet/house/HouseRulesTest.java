package skynet.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walls of the house. Each rule is also shown to bite, on the rooms of {@code skynet.house.bad}. */
class HouseRulesTest {
    private static final List<String> ROOMS = List.of("genom", "knowledge", "cascade", "chat", "status", "web", "grpc");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("skynet");
    private static final JavaClasses BAD = new ClassFileImporter().importPackages("skynet.house.bad");

    @Test
    void noRoomKnowsAnother() {
        for (String room : ROOMS) {
            String[] others = ROOMS.stream()
                    .filter(other -> !other.equals(room))
                    .map(other -> "skynet." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("skynet." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(HOUSE);
            noClasses()
                    .that()
                    .resideInAPackage("skynet." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("skynet.node..")
                    .check(HOUSE);
        }
    }

    @Test
    void onlyTheBusTouchesTheEventBus() {
        holdsAndBites(noClasses()
                .that()
                .resideOutsideOfPackage("skynet.bus..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.core.eventbus.."));
    }

    @Test
    void onlyStoresAndTheDatabaseSpeakSql() {
        holdsAndBites(noClasses()
                .that()
                .haveNameNotMatching(".*Store(\\$.*)?")
                .and()
                .haveNameNotMatching("skynet\\.kit\\.Database.*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql.."));
    }

    @Test
    void theDictionaryNeedsOnlyTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("skynet.dictionary..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("skynet.dictionary..", "java..")
                .check(HOUSE);
    }

    @Test
    void theStreamProtocolNeedsTheJdkAndItsOwnWords() {
        noClasses()
                .that()
                .resideInAPackage("skynet.bus.stream..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are neither of the JDK nor words of the stream",
                        type -> !type.getBaseComponentType().isPrimitive()
                                && !type.getBaseComponentType()
                                        .getName()
                                        .matches("(java\\.|skynet\\.bus\\.stream\\.|skynet\\.bus\\.Stream\\b).*")))
                .check(HOUSE);
    }

    @Test
    void onlyTheFrontDoorSpeaksHttp() {
        holdsAndBites(noClasses()
                .that()
                .resideOutsideOfPackage("skynet.web..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.ext.web.."));
    }

    @Test
    void onlyTheGrpcRoomSpeaksProtobuf() {
        holdsAndBites(noClasses()
                .that()
                .resideOutsideOfPackage("skynet.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("skynet.grpc.v1..", "com.google.protobuf..", "io.vertx.grpc.."));
    }

    @Test
    void noNounTakesTheTimeFromTheWall() {
        holdsAndBites(noClasses()
                .that()
                .resideInAnyPackage(
                        "skynet.genom..",
                        "skynet.knowledge..",
                        "skynet.cascade..",
                        "skynet.chat..",
                        "skynet.status..",
                        "skynet.house.bad..")
                .should()
                .callMethod(System.class, "currentTimeMillis"));
    }

    @Test
    void theMapOfTheReadmeListsTheRoomsThatExist() throws Exception {
        Path root = Path.of(System.getProperty("skynet.root", ".."));
        Set<String> listed = Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(Files.readString(root.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> built = new TreeSet<>();
        try (var folders = Files.list(root.resolve("verticles/src/main/java/skynet"))) {
            folders.filter(Files::isDirectory)
                    .forEach(folder -> built.add(folder.getFileName().toString()));
        }
        assertEquals(built, listed);
    }

    @Test
    void everyClassTellsWhatItIs() throws Exception {
        Path root = Path.of(System.getProperty("skynet.root", ".."));
        Set<String> silent = new TreeSet<>();
        for (String module : List.of("dictionary", "eventbus-codecs", "verticles")) {
            try (var files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                    if (!Files.readString(file).contains("/**")) {
                        silent.add(file.getFileName().toString());
                    }
                }
            }
        }
        assertTrue(silent.isEmpty(), "without a word about themselves: " + silent);
    }

    private static void holdsAndBites(ArchRule rule) {
        rule.check(HOUSE);
        assertThrows(AssertionError.class, () -> rule.check(BAD));
    }
}
