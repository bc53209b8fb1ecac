package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Crypto;

/** The doors of handshakes: who the node is, three messages, sealed frames, and what the phase rotation is. */
final class CryptoRoutes {
    private static final String HANDSHAKE = "/v1/handshake";
    private static final int RIGHT_ANGLE = Crypto.PLANE_STEPS / 4;
    private static final String EXPLANATION =
            "A coordinate transform, no encryption: the radius of every point stays, and"
                    + " one known token tells the rotation of all. What protects a message is the seal around it.";

    private final Bus bus;

    CryptoRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get(HANDSHAKE).handler(this::identity);
        router.post(HANDSHAKE).handler(this::greet);
        router.post(HANDSHAKE + "/:id/confirm").handler(this::confirm);
        router.post(HANDSHAKE + "/:id/message").handler(this::say);
        router.post("/v1/crypto/rotate").handler(this::rotate);
    }

    private void identity(RoutingContext request) {
        Exchange.query(
                request, Set.of(), query -> bus.ask(new Crypto.Identity()).map(node -> new JsonObject()
                        .put("node", node.node().value())
                        .put("fingerprint", node.fingerprint())
                        .put("ed25519", node.ed25519())
                        .put("ml_dsa_65", node.mlDsa65())
                        .put("x_wing", node.xWing())
                        .put("x_wing_signatures", node.xWingSignatures())
                        .put("suites", new JsonArray().add("AES-256-GCM").add("ChaCha20-Poly1305"))
                        .put("time", node.millis())));
    }

    private void greet(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("hello"), body -> bus.ask(new Crypto.Greet(
                        body.text("hello"), Caller.payer(request).address()))
                .map(greeted ->
                        new JsonObject().put("session", greeted.session()).put("reply", greeted.reply())));
    }

    private void confirm(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("confirm"), body -> bus.ask(
                        new Crypto.Confirm(request.pathParam("id"), body.text("confirm")))
                .map(confirmed -> {
                    JsonObject answer = new JsonObject()
                            .put("session", confirmed.session())
                            .put("state", "open")
                            .put(
                                    "expires_at",
                                    Instant.ofEpochMilli(confirmed.endMillis()).toString());
                    return confirmed.peer().isEmpty() ? answer : answer.put("peer", confirmed.peer());
                }));
    }

    private void say(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("sealed"), body -> bus.ask(
                        new Crypto.Say(request.pathParam("id"), body.text("sealed")))
                .map(said -> new JsonObject().put("sealed", said.sealed())));
    }

    private void rotate(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("text", "steps"), body -> {
            int steps = body.number("steps", RIGHT_ANGLE);
            return bus.ask(new Crypto.Rotate(body.text("text"), steps)).map(rotated -> {
                JsonArray points = new JsonArray();
                rotated.points()
                        .forEach(point -> points.add(new JsonObject()
                                .put("token_id", point.id())
                                .put("r", Math.round(point.r() * 10) / 10.0)
                                .put("theta", rounded(point.thetaRadians()))
                                .put("rotated_theta", rounded(point.rotatedRadians()))
                                .put("restored_theta", rounded(point.restoredRadians()))));
                return new JsonObject()
                        .put("security", "none")
                        .put("explanation", EXPLANATION)
                        .put("steps", steps)
                        .put("theta", rounded(2 * Math.PI * steps / Crypto.PLANE_STEPS))
                        .put("points", points)
                        .put("steps_guessed", rotated.stepsGuessed())
                        .put("text_restored", rotated.textRestored());
            });
        });
    }

    private static double rounded(double radians) {
        return Math.round(radians * 1e4) / 1e4;
    }
}
