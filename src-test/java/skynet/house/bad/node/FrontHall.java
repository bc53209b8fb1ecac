package skynet.house.bad.node;

/** What stands for the node among the bad rooms. */
public final class FrontHall {}
