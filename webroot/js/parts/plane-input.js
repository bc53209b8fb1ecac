const PAN_PX = 60;
const ZOOM_STEP = 1.4;
const TAP_PX = 5;

/**
 * Turns wheel, pointers and keys on a map into movements of its view. `moved` hears that the view has changed,
 * `pointed(left, top)` where the pointer is, `asked(left, top)` that a place was tapped or chosen by Enter.
 */
export function steer(surface, view, { moved, pointed, asked, reset }) {
  const pointers = new Map();
  let travelled = 0;

  surface.addEventListener('pointerdown', (event) => {
    surface.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) travelled = 0;
  });
  surface.addEventListener('pointermove', (event) => {
    const [left, top] = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      pointed(left, top);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    travelled += Math.hypot(left - before[0], top - before[1]);
    if (other) pinch(before, [left, top], other);
    else if (travelled > TAP_PX) view.pan(left - before[0], top - before[1]);
    pointers.set(event.pointerId, [left, top]);
    moved();
  });
  surface.addEventListener('pointerup', (event) => {
    const wasAlone = pointers.size === 1;
    if (pointers.delete(event.pointerId) && wasAlone && travelled <= TAP_PX) asked(...placeOf(event));
  });
  surface.addEventListener('pointercancel', (event) => pointers.delete(event.pointerId));
  surface.addEventListener('wheel', (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
    view.zoomAt(Math.exp(-pixels / (event.ctrlKey ? 120 : 420)), ...placeOf(event));
    moved();
  }, { passive: false });
  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const does = keys()[event.key];
    if (!does) return;
    event.preventDefault();
    does();
    moved();
  });

  const keys = () => ({
    ArrowLeft: () => view.pan(PAN_PX, 0),
    ArrowRight: () => view.pan(-PAN_PX, 0),
    ArrowUp: () => view.pan(0, PAN_PX),
    ArrowDown: () => view.pan(0, -PAN_PX),
    '+': () => view.zoomAt(ZOOM_STEP),
    '=': () => view.zoomAt(ZOOM_STEP),
    '-': () => view.zoomAt(1 / ZOOM_STEP),
    0: reset,
    Enter: () => asked(view.width / 2, view.height / 2),
  });

  const placeOf = (event) => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function pinch(before, now, other) {
    const apart = Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1]));
    view.zoomAt(apart, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    view.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }
}
