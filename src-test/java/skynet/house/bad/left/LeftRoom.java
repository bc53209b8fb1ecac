package skynet.house.bad.left;

import skynet.house.bad.right.RightRoom;

/** A room that walks through the wall to its neighbour. */
final class LeftRoom {
    RightRoom neighbour;
}
