package skynet.dictionary.generator;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A field of meaning. The WordNet lexicographer files that flow into a sector stand beside it. */
enum Sector {
    CONCEPT("noun.Tops noun.relation"),
    LANGUAGE("noun.communication verb.communication"),
    KNOWLEDGE("noun.cognition noun.motive verb.cognition"),
    PERCEPTION("verb.perception"),
    MEASURE("noun.quantity noun.shape"),
    SOCIAL("verb.social"),
    PERSON("noun.person"),
    NAME(""),
    GROUP("noun.group"),
    ECONOMY("noun.possession verb.possession"),
    EMOTION("noun.feeling verb.emotion"),
    CONTEST("verb.competition"),
    ACT("noun.act verb.contact"),
    PLACE("noun.location"),
    NATURE("noun.object noun.phenomenon verb.weather"),
    ANIMAL("noun.animal"),
    PLANT("noun.plant"),
    SUBSTANCE("noun.substance"),
    FOOD("noun.food verb.consumption"),
    BODY("noun.body verb.body"),
    ARTIFACT("noun.artifact verb.creation"),
    TIME("noun.time"),
    EVENT("noun.event"),
    PROCESS("noun.process verb.change"),
    MOTION("verb.motion"),
    STATE("noun.state verb.stative"),
    QUALITY("adj.all adj.pert adj.ppl noun.attribute"),
    MANNER("adv.all"),
    FUNCTION("");

    /** The file numbers of WordNet's lexnames(5WN), in order. */
    private static final String[] FILES = ("adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact"
                    + " noun.attribute noun.body noun.cognition noun.communication noun.event noun.feeling noun.food"
                    + " noun.group noun.location noun.motive noun.object noun.person noun.phenomenon noun.plant"
                    + " noun.possession noun.process noun.quantity noun.relation noun.shape noun.state noun.substance"
                    + " noun.time verb.body verb.change verb.cognition verb.communication verb.competition"
                    + " verb.consumption verb.contact verb.creation verb.emotion verb.motion verb.perception"
                    + " verb.possession verb.social verb.stative verb.weather adj.ppl")
            .split(" ");

    private static final Sector[] BY_FILE = new Sector[FILES.length];

    static {
        Map<String, Sector> byName = new HashMap<>();
        for (Sector sector : values()) {
            for (String file : sector.files.split(" ")) {
                byName.put(file, sector);
            }
        }
        for (int i = 0; i < FILES.length; i++) {
            BY_FILE[i] = byName.get(FILES[i]);
        }
    }

    private final String files;

    Sector(String files) {
        this.files = files;
    }

    static Sector ofLexicographerFile(int number) {
        return BY_FILE[number];
    }

    /** The name as it stands in the token file. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
