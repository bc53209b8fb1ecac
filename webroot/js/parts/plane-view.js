const MARGIN_PX = 46;
const ZOOM_MIN = 0.7;
const ZOOM_MAX = 900;
const WANDER_MAX = 1.1;
const FLIGHT_MS = 700;

/** What part of the plane is looked at: middle and zoom, and by how much the plane is turned. Screen y grows downwards. */
export class View {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.zoom = 1;
    this.phase = 0;
    this.width = 1;
    this.height = 1;
  }

  /** CSS pixels of one unit: the disc of radius 1 fits with its rim of names. */
  get unit() {
    return this.zoom * Math.max(40, Math.min(this.width, this.height) / 2 - MARGIN_PX);
  }

  toScreen(x, y) {
    const [cos, sin, unit] = [Math.cos(this.phase), Math.sin(this.phase), this.unit];
    return [this.width / 2 + (x * cos - y * sin - this.x) * unit, this.height / 2 - (x * sin + y * cos - this.y) * unit];
  }

  toPlane(left, top) {
    const [cos, sin, unit] = [Math.cos(this.phase), Math.sin(this.phase), this.unit];
    const x = (left - this.width / 2) / unit + this.x;
    const y = (this.height / 2 - top) / unit + this.y;
    return [x * cos + y * sin, y * cos - x * sin];
  }

  pan(left, top) {
    this.stop();
    this.look(this.x - left / this.unit, this.y + top / this.unit, this.zoom);
  }

  /** Zooms so that what lies under a place on the screen stays there. */
  zoomAt(factor, left = this.width / 2, top = this.height / 2) {
    this.stop();
    const before = this.unit;
    const zoom = limited(this.zoom * factor, ZOOM_MIN, ZOOM_MAX);
    const after = (before / this.zoom) * zoom;
    const [right, up] = [left - this.width / 2, this.height / 2 - top];
    this.look(this.x + right / before - right / after, this.y + up / before - up / after, zoom);
  }

  look(x, y, zoom) {
    const far = Math.max(1, Math.hypot(x, y) / WANDER_MAX);
    this.x = x / far;
    this.y = y / far;
    this.zoom = limited(zoom, ZOOM_MIN, ZOOM_MAX);
  }

  /** Goes to a place of the turned plane in a short flight, or at once for those who want no motion. */
  fly(x, y, zoom, redraw) {
    this.stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.look(x, y, zoom);
      redraw();
      return;
    }
    const from = { x: this.x, y: this.y, zoom: this.zoom };
    const begun = performance.now();
    const step = (now) => {
      const part = limited((now - begun) / FLIGHT_MS, 0, 1);
      const eased = part * part * (3 - 2 * part);
      const next = from.zoom * (zoom / from.zoom) ** eased;
      const share = zoom === from.zoom ? eased : (1 / from.zoom - 1 / next) / (1 / from.zoom - 1 / zoom);
      this.look(from.x + (x - from.x) * share, from.y + (y - from.y) * share, next);
      redraw();
      this.flight = part < 1 ? requestAnimationFrame(step) : undefined;
    };
    this.flight = requestAnimationFrame(step);
  }

  stop() {
    if (this.flight) cancelAnimationFrame(this.flight);
    this.flight = undefined;
  }
}

const limited = (value, low, high) => Math.min(high, Math.max(low, value));
