package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.bus.Cascade.Level.L0;
import static skynet.bus.Cascade.Level.L1;
import static skynet.bus.Cascade.Level.L2;
import static skynet.bus.Cascade.Level.L3;
import static skynet.bus.Cascade.Level.L4;
import static skynet.bus.Cascade.Level.L5;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;

class RouterTest {
    private static final String EASY = "What does NOD7 do?";
    private static final String MODEL = "Write a short birthday poem for my grandfather who likes fishing.";
    private static final String HARD =
            "Prove that every group of order p^2 is abelian, derive the classification step by "
                    + "step, and compare it with the groups of order p^3; justify each step and give a counterexample.";

    private final Router router = new Router(Policy.COST, 0, (level, tokens) -> level.ordinal() * tokens.out());

    @Test
    void aQuestionThatDocumentsMayAnswerGoesToThemFirst() {
        assertEquals(List.of(L0, L1, L2, L3, L4, L5), order(EASY, wish(Band.ANY, Policy.COST), all()));
    }

    @Test
    void whatNoDocumentCanSayGoesToAModelFirstAndToTheDocumentsWhenItCannot() {
        assertEquals(List.of(L0, L3, L4, L5, L2, L1), order(MODEL, wish(Band.ANY, Policy.COST), all()));
    }

    @Test
    void aHardQuestionGoesToThePremiumModelFirst() {
        assertEquals(List.of(L0, L4, L3, L5, L2, L1), order(HARD, wish(Band.ANY, Policy.COST), all()));
    }

    @Test
    void withoutAModelTheDocumentsAreAskedWhateverIsPredicted() {
        assertEquals(List.of(L0, L1, L2), order(HARD, wish(Band.ANY, Policy.COST), only(L0, L1, L2)));
        assertEquals(List.of(L0, L1, L2), order(MODEL, wish(Band.ANY, Policy.QUALITY), only(L0, L1, L2)));
    }

    @Test
    void aModelThatRestsKeepsItsPlaceAndIsNotTheOneThatIsChosen() {
        Map<Level, Health.Condition> conditions = new EnumMap<>(all().levels());
        conditions.put(L3, new Health.Condition(false, "upstream one: resting for 4 s more after: 503"));
        conditions.put(L5, new Health.Condition(false, "upstream one: resting for 4 s more after: 503"));
        Health resting = new Health(conditions);
        assertEquals(List.of(L0, L3, L4, L2, L1), order(MODEL, wish(Band.ANY, Policy.COST), resting));
        assertEquals(List.of(L0, L1, L2), order(MODEL, wish(Band.STANDARD, Policy.COST), resting));
        Wish explained = new Wish(Band.ANY, Policy.COST, 0, true, List.of(), "");
        JsonObject json =
                router.plan(new Question("t", MODEL, "", explained), resting).explained();
        assertEquals("L4", json.getString("chosen"));
        assertTrue(json.getJsonArray("rejected").encode().contains("not available: upstream one: resting"));
    }

    @Test
    void speedTakesTheFastModelBeforeTheSlowLevelOfTheDocuments() {
        assertEquals(List.of(L0, L1, L3, L4, L5, L2), order(EASY, wish(Band.ANY, Policy.SPEED), all()));
    }

    @Test
    void qualityTakesTheBestThatThereIs() {
        assertEquals(L4, order(EASY, wish(Band.ANY, Policy.QUALITY), all()).get(1));
        assertEquals(
                L3,
                order(EASY, wish(Band.ANY, Policy.QUALITY), only(L0, L1, L2, L3))
                        .get(1));
    }

    @Test
    void theSettingsChooseWhereNobodyWishes() {
        Router best = new Router(Policy.QUALITY, 0, (level, tokens) -> 0);
        assertEquals(L4, best.plan(new Question("t", EASY, ""), all()).order().get(1));
        assertThrows(IllegalArgumentException.class, () -> new Router(Policy.NODE, 0, (level, tokens) -> 0));
    }

    @Test
    void aBandIsKept() {
        assertEquals(List.of(L0, L1, L2), order(HARD, wish(Band.STANDARD, Policy.QUALITY), all()));
        assertEquals(List.of(L3, L2, L1), order(EASY, wish(Band.ADVANCED, Policy.COST), all()));
        assertEquals(List.of(L4, L5, L3, L2, L1), order(EASY, wish(Band.PRO, Policy.COST), all()));
    }

    @Test
    void whatWasWishedForIsAskedAlthoughItCannotBeHad() {
        assertEquals(List.of(L4, L2, L1), order(EASY, wish(Band.PRO, Policy.COST), only(L0, L1, L2)));
    }

    @Test
    void toolsGoToTheLevelsThatKnowThem() {
        Wish tools = new Wish(Band.ANY, Policy.COST, 0, false, List.of(), "[{}]");
        assertEquals(List.of(L3, L4), order(EASY, tools, all()));
        assertEquals(List.of(L3), order(EASY, tools, only(L0, L1, L2)));
    }

    @Test
    void aQuestionThatPointsBackGoesToAModel() {
        Wish talk = new Wish(
                Band.ANY,
                Policy.COST,
                0,
                false,
                List.of(new Turn(Speaker.USER, "Who is she?"), new Turn(Speaker.ASSISTANT, "A pilot.")),
                "");
        assertEquals(
                L3,
                order("And what did she do there when it was over?", talk, all())
                        .get(1));
        assertEquals(L1, order(EASY, talk, all()).get(1));
    }

    @Test
    void aLevelThatWouldCostTooMuchIsPassedOver() {
        Router thrifty = new Router(Policy.COST, 3, (level, tokens) -> level == L4 ? 4 : level == L3 ? 3 : 0);
        Wish explained = new Wish(Band.ANY, Policy.NODE, 0, true, List.of(), "");
        Plan plan = thrifty.plan(new Question("t", HARD, "", explained), only(L0, L1, L2, L3, L4));
        assertEquals(List.of(L0, L3, L2, L1), plan.order());
        assertTrue(plan.explained().encode().contains("predicted to cost 4.000 (expected: at most 3.000)"));
    }

    @Test
    void itExplainsItselfWhenThatIsWished() {
        Wish explained = new Wish(Band.ANY, Policy.NODE, 50, true, List.of(), "");
        Health health = only(L0, L1, L2, L3, L4);
        JsonObject json =
                router.plan(new Question("t", HARD, "", explained), health).explained();
        assertEquals("cost", json.getString("policy"));
        assertEquals("L4", json.getString("chosen"));
        assertTrue(json.getDouble("difficulty") > 0.9, json.encode());
        assertTrue(json.getJsonObject("features").getDouble("maths") > 0.5, json.encode());
        assertEquals(6, json.getJsonArray("levels").size());
        assertEquals(50, json.getInteger("tokens_out"));
        assertEquals(200.0, json.getJsonArray("levels").getJsonObject(4).getDouble("cost"));
        Map<String, String> rejected = new TreeMap<>();
        json.getJsonArray("rejected")
                .forEach(one ->
                        rejected.put(((JsonObject) one).getString("level"), ((JsonObject) one).getString("reason")));
        assertTrue(rejected.get("L3").startsWith("predicted 0."), rejected.toString());
        assertEquals("not available: no upstream configured", rejected.get("L5"));
        assertFalse(rejected.containsKey("L4"));
    }

    @Test
    void itSaysNothingOfItselfUnasked() {
        assertTrue(router.plan(new Question("t", HARD, ""), all()).explained().isEmpty());
    }

    private List<Level> order(String text, Wish wish, Health health) {
        return router.plan(new Question("t", text, "", wish), health).order();
    }

    private static Wish wish(Band band, Policy policy) {
        return new Wish(band, policy, 0, false, List.of(), "");
    }

    private static Health all() {
        return only(Level.values());
    }

    private static Health only(Level... levels) {
        Map<Level, Health.Condition> conditions = new EnumMap<>(Level.class);
        for (Level level : levels) {
            conditions.put(level, Health.Condition.WELL);
        }
        return new Health(conditions);
    }
}
