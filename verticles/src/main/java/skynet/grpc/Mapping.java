package skynet.grpc;

import java.util.ArrayList;
import java.util.List;
import skynet.bus.Genom;
import skynet.grpc.v1.Compression;
import skynet.grpc.v1.DecodeRequest;
import skynet.grpc.v1.DecodeResponse;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.grpc.v1.Intent;
import skynet.grpc.v1.LookupRequest;
import skynet.grpc.v1.LookupResponse;
import skynet.grpc.v1.SearchRequest;
import skynet.grpc.v1.SearchResponse;
import skynet.grpc.v1.StatsResponse;
import skynet.grpc.v1.Tally;
import skynet.grpc.v1.Token;

/** Messages of the contract as words of the bus, and words as messages: one pair of lines for each. */
final class Mapping {
    /** Rows of a page when the caller does not say. */
    static final int LIMIT = 100;

    private Mapping() {}

    static Genom.Encode word(EncodeRequest message) {
        return new Genom.Encode(message.getText());
    }

    static Genom.Decode word(DecodeRequest message) {
        return new Genom.Decode(message.getGenomMessage());
    }

    static Genom.Lookup word(LookupRequest message) {
        return switch (message.getByCase()) {
            case WORD -> new Genom.Lookup(Genom.Key.WORD, message.getWord());
            case ID -> new Genom.Lookup(Genom.Key.ID, message.getId());
            case HEX -> new Genom.Lookup(Genom.Key.HEX, message.getHex());
            case BY_NOT_SET -> throw new IllegalArgumentException("lookup: 0 fields (expected: one of word, id, hex)");
        };
    }

    static Genom.Browse word(SearchRequest message) {
        return new Genom.Browse(
                message.getSector(),
                message.getQuadrant(),
                message.getCursor(),
                message.hasLimit() ? message.getLimit() : LIMIT);
    }

    static EncodeResponse message(Genom.Encoded word) {
        return EncodeResponse.newBuilder()
                .setGenomMessage(word.frame())
                .setIntent(Intent.newBuilder()
                        .setSymbol(word.intent().symbol())
                        .setName(word.intent().name())
                        .setConfidence(word.intent().confidence()))
                .setTokenCount(word.tokenCount())
                .setCompressionRatio(word.compressionRatio())
                .setBinaryBytes(word.binaryBytes())
                .setTextBytes(word.textBytes())
                .addAllTokens(tokens(word.tokens()))
                .build();
    }

    static DecodeResponse message(Genom.Decoded word) {
        return DecodeResponse.newBuilder().setText(word.text()).build();
    }

    static LookupResponse message(Genom.Found word) {
        return LookupResponse.newBuilder().setToken(message(word.token())).build();
    }

    static SearchResponse message(Genom.Page word) {
        SearchResponse.Builder message = SearchResponse.newBuilder().addAllItems(tokens(word.items()));
        return word.next() < 0 ? message.build() : message.setNext(word.next()).build();
    }

    static StatsResponse message(Genom.Counts word) {
        return StatsResponse.newBuilder()
                .setTokens(word.tokens())
                .setVersion(word.version())
                .addAllSectors(tallies(word.sectors()))
                .addAllQuadrants(tallies(word.quadrants()))
                .addAllLanguages(tallies(word.languages()))
                .addAllCompression(
                        word.compression().stream().map(Mapping::message).toList())
                .build();
    }

    private static Compression message(Genom.Compression word) {
        return Compression.newBuilder()
                .setName(word.text())
                .setTextBytes(word.textBytes())
                .setGenomBytes(word.genomBytes())
                .setZstdBytes(word.zstdBytes())
                .build();
    }

    private static Token message(Genom.Token word) {
        return Token.newBuilder()
                .setTokenId(word.id())
                .setHex(word.hex())
                .setCanonical(word.canonical())
                .setSector(word.sector())
                .setLanguage(word.language())
                .setR(word.r())
                .setTheta(word.thetaRadians())
                .build();
    }

    private static List<Token> tokens(List<Genom.Token> words) {
        List<Token> messages = new ArrayList<>(words.size());
        words.forEach(word -> messages.add(message(word)));
        return messages;
    }

    private static List<Tally> tallies(List<Genom.Tally> words) {
        return words.stream()
                .map(word -> Tally.newBuilder()
                        .setName(word.name())
                        .setTokens(word.tokens())
                        .build())
                .toList();
    }
}
