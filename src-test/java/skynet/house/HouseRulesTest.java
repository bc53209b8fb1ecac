package skynet.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of the house. Each rule is also shown to bite, on the rooms of {@code skynet.house.bad}. */
class HouseRulesTest {
    private static final List<String> ROOMS = List.of(
            "genom",
            "crypto",
            "knowledge",
            "crawl",
            "cascade",
            "auth",
            "chat",
            "status",
            "swarm",
            "messages",
            "web",
            "grpc");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("skynet");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:(?:public|final|abstract|sealed|non-sealed) )*"
            + "(?:class|interface|record|enum|@interface) \\w+");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ");

    private static final JavaClasses BAD = new ClassFileImporter().importPackages("skynet.house.bad");

    @Test
    void noRoomKnowsAnotherNorTheHouse() {
        ROOMS.forEach(
                room -> knowsNeitherRoomsNorTheHouse("skynet.", room, ROOMS).check(HOUSE));
        List<String> bad = List.of("left", "right");
        bad.forEach(room -> bites(knowsNeitherRoomsNorTheHouse("skynet.house.bad.", room, bad), BAD));
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
        needsOnlyTheJdk("skynet.dictionary..").check(HOUSE);
        bites(needsOnlyTheJdk("skynet.house.bad.."), BAD);
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
    void noNounTakesTheTimeFromTheWallOrThrowsDice() {
        ArchRule rule = noClasses()
                .that()
                .resideInAnyPackage(
                        "skynet.genom..",
                        "skynet.crypto..",
                        "skynet.knowledge..",
                        "skynet.crawl..",
                        "skynet.cascade..",
                        "skynet.chat..",
                        "skynet.auth..",
                        "skynet.status..",
                        "skynet.swarm..",
                        "skynet.messages..",
                        "skynet.house.bad..")
                .should()
                .accessTargetWhere(DescribedPredicate.describe("a clock or dice", HouseRulesTest::isClockOrDice));
        rule.check(HOUSE);
        List<JavaClass> watches = BAD.stream()
                .filter(watch -> watch.getName().startsWith("skynet.house.bad.Watches$"))
                .toList();
        assertEquals(11, watches.size());
        watches.forEach(watch -> bites(rule, BAD.that(DescribedPredicate.equalTo(watch))));
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
                    if (!tellsWhatItIs(Files.readString(file))) {
                        silent.add(file.getFileName().toString());
                    }
                }
            }
        }
        assertTrue(silent.isEmpty(), "without a word about themselves: " + silent);
        Path bad = root.resolve("src-test/java/skynet/house/bad");
        assertFalse(tellsWhatItIs(Files.readString(bad.resolve("SilentRoom.java"))));
        assertTrue(tellsWhatItIs(Files.readString(bad.resolve("NosyRoom.java"))));
    }

    /** Whether a sentence of documentation stands right before the type, or the package, that a source file declares. */
    private static boolean tellsWhatItIs(String source) {
        Matcher type = TYPE.matcher(source);
        Matcher place = PACKAGE.matcher(source);
        int declared = type.find() ? type.start() : place.find() ? place.start() : 0;
        String before = source.substring(0, declared);
        int end = before.lastIndexOf("*/");
        int begin = end < 0 ? -1 : before.lastIndexOf("/**", end);
        if (begin < 0 || before.indexOf("\nimport ", end) >= 0) {
            return false;
        }
        String between = before.substring(end + 2).strip();
        return before.substring(begin, end).contains(" ") && (between.isEmpty() || between.startsWith("@"));
    }

    private static ArchRule knowsNeitherRoomsNorTheHouse(String house, String room, List<String> rooms) {
        String[] others = Stream.concat(rooms.stream(), Stream.of("node"))
                .filter(other -> !other.equals(room))
                .map(other -> house + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(house + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule needsOnlyTheJdk(String place) {
        return noClasses()
                .that()
                .resideInAPackage(place)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(place, "java..");
    }

    /** Seeded dice and a clock that was handed in are no chance; a doorkeeper may draw its node a name. */
    private static boolean isClockOrDice(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        List<String> given = access.getTarget() instanceof CodeUnitAccessTarget code
                ? code.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
        boolean doorkeeper = access.getOriginOwner().getSimpleName().endsWith("Verticle");
        return switch (owner) {
            case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
            case "java.lang.Math" -> name.equals("random");
            case "java.time.Clock", "java.time.InstantSource" -> name.startsWith("system");
            case "java.util.Random", "java.util.SplittableRandom" -> name.equals("<init>") && given.isEmpty();
            case "java.security.SecureRandom" -> name.equals("<init>");
            case "java.util.concurrent.ThreadLocalRandom" -> name.equals("current");
            case "java.util.UUID" -> name.equals("randomUUID") && !doorkeeper;
            default -> owner.startsWith("java.time.") && name.equals("now") && !given.contains("java.time.Clock");
        };
    }

    private static void holdsAndBites(ArchRule rule) {
        rule.check(HOUSE);
        bites(rule, BAD);
    }

    private static void bites(ArchRule rule, JavaClasses bad) {
        assertThrows(AssertionError.class, () -> rule.check(bad));
    }
}
