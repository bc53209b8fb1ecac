package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The neighbours of everyday words on the plane, against what a person calls related: inflections, translations into
 * the eight languages, and near kin. A star stands for any ending.
 */
class NeighboursTest {
    private static final CoordinateTable TABLE = BundledTable.TABLE;
    private static final int NEIGHBOURS = 10;
    private static final int RELATED_MIN = 6;
    private static final double RELATED_SHARE_MIN = 0.9;

    private static final Map<String, List<String>> RELATED = related(
            """
            dog     dog* hound* pup* pes psa psi psem psů psy pies* psów perr* chien* hund* cão cães cane cani cachorr*
            hund    dog* hound* pup* pes psa psi psem psů psy pies* psów perr* chien* hund* cão cães cane cani cachorr*
            perro   dog* hound* pup* pes psa psi psem psů psy pies* psów perr* chien* hund* cão cães cane cani cachorr*
            puppy   dog* hound* pup* pes psa psi psem psů psy pies* psów perr* chien* hund* cão cães cane cani cachorr* \
            szczen* psię
            cat     cat cats kitten* gat* chat* kočk* koček kočič* kot koty kota katz* felin* felid*
            horse   horse* caball* cavall* caval* cheva* pferd* koň koně koní koňmi koni* kůň konia konie mare* stallion*
            bird    bird* ave aves pták* ptác* ptak* oiseau* uccell* vogel* vögel* pájar*
            fish    fish* ryb* pesc* pesce peix* pece* pez poisson* fisch*
            king    king* queen* roi* rey rey* rei reis król* král* könig* rex regina* rein* monar*
            mother  mother* mom* mum* mamm* mamy madre* mãe* mère* mutter* mütter* matk* matc* matek
            friend  friend* amig* ami amis amic* přát* přítel* freund* przyjac*
            child   child* kid kids dít* dět* bambin* niñ* crian* enfant* kind kinder* dziec*
            doctor  doctor* médic* medic* lékař* doktor* arzt* ärzt* docteur* médecin* physician* dottor* lekarz*
            house   house* home* dům dom domu domy domě domem casa* maison* haus* häus*
            school  school* škol* scola* szk* schul* école* escuel* escol* scuol* fakult*
            city    city cities town* vill* měst* ciudad* cidad* città stadt* städt* miast* municíp*
            car     car cars auto* carro* vůz voz* coche* wagen* samoch* macchin* voiture* coup*
            book    book* libr* livre* livro* knih* kniz* buch* bücher* książ*
            bread   bread* chleb* chléb* pão pães brot* pain* pan panes pane pani loaf loaves rebanad* hogaz*
            apple   apple* pomme* jabl* manzan* mela mele maçã* apfel* äpfel*
            shoe    shoe* bota boty bot obuv* scarp* chaussur* sapat* zapat* schuh* but buty butów
            water   water* agua* água* voda vodu vodou vodě vod acqu* eau eaux wasser* woda wodą wodę wody
            sea     sea seas mar mares mare mari mer mers moř* meer* morz* ocean* océan* oceán*
            river   river* rio rios río ríos řek* řec* rivi* fium* fleuv* fluss* flüss* rzek* afluent*
            sun     sun suns sol sole soles soleil* slun* sonne* słoń*
            tree    tree* strom* árbol* árvor* alber* arbre* baum* bäum* drzew* olivier* oliveira*
            hand    hand* mano* mani mão mãos main mains ruk* ruc* ręk*
            red     red* roj* rouge* ross* červená červené červený vermelh* rot* czerwon* pink* rosa* yellow* green* viola*
            green   green* verd* vert* zelen* grün* zielon*
            music   music* músic* musi* hudb* muzyk* skladb* skladeb*
            money   money* peníz* peněz* penez* dinheir* diner* geld* soldi denar* pienią* argent*
            winter  winter* inverno* inviern* hiver* zim* summer* spring* autumn* verano* verão* été* étés sommer* primavera*
            monday  monday* lundi* pondě* lunes* montag* luned* poniedzia*
            praha   prah* praze prag* pradze praž*
            kniha   book* libr* livre* livro* knih* kniz* buch* bücher* książ*
            """);

    @Test
    void areMostlyRelatedForEveryWord() {
        int sum = 0;
        for (String word : RELATED.keySet()) {
            int related = relatedNeighbours(word);
            assertTrue(related >= RELATED_MIN, word + ": " + names(word));
            sum += related;
        }
        assertTrue(sum >= RELATED_SHARE_MIN * NEIGHBOURS * RELATED.size(), sum + " of " + NEIGHBOURS * RELATED.size());
    }

    @Test
    void speakSeveralLanguages() {
        List<String> dogs = names("dog");
        assertTrue(dogs.containsAll(List.of("dogs", "pes", "perro", "chien")), dogs.toString());
    }

    @Test
    void lieWithinAHundredthOfARadian() {
        for (String word : RELATED.keySet()) {
            int id = TABLE.findWord(word);
            for (int other : TABLE.nearest(id, NEIGHBOURS)) {
                assertEquals(TABLE.theta(id), TABLE.theta(other), 0.01, word);
            }
        }
    }

    private static int relatedNeighbours(String word) {
        return (int) names(word).stream()
                .filter(name -> RELATED.get(word).stream().anyMatch(pattern -> matches(pattern, name)))
                .count();
    }

    private static List<String> names(String word) {
        return Arrays.stream(TABLE.nearest(TABLE.findWord(word), NEIGHBOURS))
                .mapToObj(TABLE::canonical)
                .toList();
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    private static Map<String, List<String>> related(String lines) {
        Map<String, List<String>> related = new LinkedHashMap<>();
        for (String line : lines.lines().toList()) {
            List<String> words = List.of(line.split("\\s+"));
            related.put(words.get(0), words.subList(1, words.size()));
        }
        return related;
    }
}
