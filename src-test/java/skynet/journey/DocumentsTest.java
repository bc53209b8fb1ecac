package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/** Files as people bring them, against the fat JAR, of whose PDF library only a part is in it. */
class DocumentsTest {
    @TempDir
    static Path home;

    private static RunningNode node;

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void anAnswerFromAPdfNamesThePage() throws Exception {
        HttpResponse<String> taken = upload("harbour.pdf", "application/pdf", pdf("", ""));
        assertEquals(200, taken.statusCode(), taken.body());
        assertEquals(3, new JsonObject(taken.body()).getInteger("pages"));
        JsonObject hit = new JsonObject(post(
                        "/api/knowledge/search",
                        new JsonObject()
                                .put("question", "What colour is the lamp of the harbour of Kaltenfels?")
                                .put("collection", "harbour")))
                .getJsonArray("hits")
                .getJsonObject(0);
        assertEquals("harbour.pdf", hit.getString("document"));
        JsonObject chunks = new JsonObject(
                node.get("/api/knowledge/chunks/harbour.pdf?collection=harbour").body());
        JsonObject document = new JsonObject(node.get("/api/knowledge/documents/harbour.pdf?collection=harbour")
                .body());
        JsonArray pages = document.getJsonArray("pages");
        assertTrue(document.getString("text").substring(pages.getInteger(1)).startsWith("The lamp"), document::encode);
        JsonObject chunk = chunks.getJsonArray("chunks").getJsonObject(0);
        assertEquals(
                chunk.getString("text"),
                document.getString("text").substring(chunk.getInteger("start"), chunk.getInteger("end")));
        JsonObject said = new JsonObject(post(
                "/api/chat/message",
                new JsonObject().put("message", "What colour is the lamp of the harbour of Kaltenfels?")));
        assertTrue(said.getString("answer").contains("purple"), said::encode);
        assertEquals(2, said.getJsonArray("citations").getJsonObject(0).getInteger("page"), said::encode);
    }

    @Test
    void aLockedPdfIsRefusedAndOneThatOpensWithoutAPasswordIsRead() throws Exception {
        HttpResponse<String> locked = upload("locked.pdf", "application/pdf", pdf("owner", "user"));
        assertEquals(422, locked.statusCode(), locked.body());
        assertTrue(locked.body().contains("locked with a password"), locked.body());
        HttpResponse<String> open = upload("open.pdf", "application/pdf", pdf("owner", ""));
        assertEquals(200, open.statusCode(), open.body());
    }

    private static String post(String path, JsonObject body) throws Exception {
        return node.send(node.asOwner(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode())))
                .body();
    }

    private static HttpResponse<String> upload(String name, String type, byte[] bytes) throws Exception {
        return node.send(node.asOwner("/api/knowledge/upload?collection=harbour&name=" + name)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    private static byte[] pdf(String owner, String user) throws IOException {
        try (PDDocument document = new PDDocument()) {
            page(document, "The harbour of Kaltenfels opens at five in the morning.");
            page(document, "The lamp of the harbour of Kaltenfels is painted purple.");
            page(document, "The pilot boat of Kaltenfels carries nine people.");
            if (!owner.isEmpty()) {
                document.protect(new StandardProtectionPolicy(owner, user, new AccessPermission()));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    private static void page(PDDocument document, String text) throws IOException {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
            content.beginText();
            content.newLineAtOffset(72, 700);
            content.showText(text);
            content.endText();
        }
    }
}
