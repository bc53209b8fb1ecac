package skynet.house.bad.right;

import skynet.house.bad.node.FrontHall;

/** A room that knows the house it stands in. */
public final class RightRoom {
    FrontHall house;
}
