package skynet.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Knowledge;

/** A knowledge room whose every answer is a different one, and says which version of the documents it saw. */
final class FakeKnowledge {
    private final SimWorld world;
    private final HouseSimulation house;
    private final int node;

    FakeKnowledge(SimWorld world, HouseSimulation house, int node) {
        this.world = world;
        this.house = house;
        this.node = node;
    }

    Future<?> start(Bus bus) {
        return bus.serve(Knowledge.Consult.class, this::consult);
    }

    private Future<Knowledge.Consulted> consult(Knowledge.Consult consult) {
        Promise<Knowledge.Consulted> answer = Promise.promise();
        String text = house.version() + " is the version, " + house.nextConsult() + " the consultation";
        world.after(
                node,
                world.random().nextInt(1_500),
                () -> answer.complete(new Knowledge.Consulted(true, text, List.of(), "found")));
        return answer.future();
    }
}
