package skynet.dictionary.generator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the token file (a lemma stands there only if it is a token itself), the link file and the statistics: UTF-8, one record a line, fields between tabs. */
record Output(Path folder) {

    void tokens(List<Classified> tokens, Selection selection) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("tokens.tsv"))) {
            for (Classified each : tokens) {
                Token token = each.token();
                boolean base = each.lemma().equals(token.canonical())
                        || selection.find(each.lemma()).isEmpty();
                String lemma = base ? "" : each.lemma();
                String part =
                        each.partOfSpeech() == null ? "" : each.partOfSpeech().letter();
                int spellingCase = Spelling.caseOf(token.form().surface(), token.canonical());
                out.write(String.join(
                        "\t",
                        token.canonical(),
                        token.language().code(),
                        String.valueOf(token.languageMask()),
                        each.sector().label(),
                        String.valueOf(each.order()),
                        lemma,
                        part,
                        String.valueOf(spellingCase),
                        each.origin().letter()));
                out.write('\n');
            }
        }
    }

    void links(List<Translations.Link> links) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("links.tsv"))) {
            for (Translations.Link link : links) {
                out.write(link.low() + "\t" + link.high() + "\t" + link.code() + "\n");
            }
        }
    }

    void statistics(List<Classified> tokens, List<Translations.Link> links, int candidateCount) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (Classified each : tokens) {
            Token token = each.token();
            counts.merge("language " + token.language().code() + " primary", 1, Integer::sum);
            for (Language language : Language.values()) {
                if (language.in(token.languageMask())) {
                    counts.merge("language " + language.code() + " any", 1, Integer::sum);
                }
            }
            counts.merge("sector " + each.sector().label(), 1, Integer::sum);
            counts.merge("origin " + each.origin().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
            counts.merge(
                    "origin " + token.language().code() + " " + each.origin().letter(), 1, Integer::sum);
            counts.merge(token.attested() ? "attested in running text" : "headword only", 1, Integer::sum);
            counts.merge("phrases", Spelling.isPhrase(token.canonical()) ? 1 : 0, Integer::sum);
            counts.merge("with lemma", each.lemma().equals(token.canonical()) ? 0 : 1, Integer::sum);
            counts.merge("with part of speech", each.partOfSpeech() == null ? 0 : 1, Integer::sum);
        }
        links.forEach(link -> counts.merge("links " + link.code(), 1, Integer::sum));
        counts.put("links", links.size());
        counts.put("tokens", tokens.size());
        counts.put("candidates", candidateCount);
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("stats.txt"))) {
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                out.write(count.getKey() + "\t" + count.getValue() + "\n");
            }
        }
    }
}
