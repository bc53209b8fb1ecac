const SHADES = 256;
const COUNTS = 65_536;
const CLOSE_ZOOM = 1.5;
const PIXELS_MAX = 1_300_000;

/**
 * Draws a million points as a picture of their density, on the processor: counts the points of each pixel, then looks
 * the colour up by count and quadrant. Slower machines draw fewer pixels, not fewer points.
 */
export class Raster {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.shadeOf = new Uint8Array(COUNTS);
    this.exposure = 0;
    this.colours = new Uint32Array(4 * SHADES);
  }

  resize(width, height, ratio) {
    this.ratio = Math.min(ratio, Math.sqrt(PIXELS_MAX / (width * height)));
    this.width = Math.max(1, Math.round(width * this.ratio));
    this.height = Math.max(1, Math.round(height * this.ratio));
    this.canvas.width = this.width;
    this.canvas.height = this.height;
    this.image = this.context.createImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.counts = new Uint16Array(this.width * this.height);
  }

  /** Shades of each quadrant's colour, from the ground to the brightest. All colours are [red, green, blue]. */
  paint({ ground, text, quadrants }) {
    this.ground = packed(ground);
    quadrants.forEach((colour, quadrant) => {
      const stops = [mixed(ground, colour, 0.12), mixed(ground, colour, 0.5), colour, mixed(colour, text, 0.55)];
      for (let shade = 0; shade < SHADES; shade += 1) {
        const at = (shade / (SHADES - 1)) * (stops.length - 1);
        const stop = Math.min(stops.length - 2, Math.floor(at));
        this.colours[quadrant * SHADES + shade] = packed(mixed(stops[stop], stops[stop + 1], at - stop));
      }
    });
  }

  draw(points, view, picker) {
    const unit = view.unit * this.ratio;
    const crowd = points.count / (Math.PI * unit * unit);
    this.expose(crowd);
    this.counts.fill(0);
    if (picker?.grid && view.zoom > CLOSE_ZOOM) this.countClose(view, unit, dotOf(crowd) * Math.max(1, Math.round(this.ratio)), picker);
    else this.countAll(points, view, unit);
    this.colour(view, unit);
    this.context.putImageData(this.image, 0, 0);
  }

  /** The shade of a count goes by its logarithm; six times the mean crowd of a pixel is the brightest. */
  expose(crowd) {
    const brightest = Math.log2(1 + Math.max(1, 6 * crowd));
    if (Math.abs(brightest - this.exposure) < 1e-3) return;
    this.exposure = brightest;
    const full = Math.min(COUNTS, Math.ceil(2 ** brightest));
    this.shadeOf.fill(SHADES - 1, full);
    for (let count = 0; count < full; count += 1) this.shadeOf[count] = Math.min(SHADES - 1, (Math.log2(1 + count) / brightest) * (SHADES - 1));
  }

  /** Counts every point in its pixel. */
  countAll({ x: xs, y: ys, loaded }, view, unit) {
    const { counts, width, height } = this;
    const cos = Math.cos(view.phase) * unit;
    const sin = Math.sin(view.phase) * unit;
    const left = width / 2 - view.x * unit;
    const top = height / 2 + view.y * unit;
    for (let id = 0; id < loaded; id += 1) {
      const x = xs[id] * cos - ys[id] * sin + left;
      const y = top - xs[id] * sin - ys[id] * cos;
      if (x >= 0 && x < width && y >= 0 && y < height) counts[(y | 0) * width + (x | 0)] += 1;
    }
  }

  /** Counts the points that the picker has in the cells in sight; the fewer there are, the larger they are drawn. */
  countClose(view, unit, dot, picker) {
    const { counts, width, height } = this;
    const cos = Math.cos(view.phase) * unit;
    const sin = Math.sin(view.phase) * unit;
    const left = width / 2 - view.x * unit - (dot - 1) / 2;
    const top = height / 2 + view.y * unit - (dot - 1) / 2;
    picker.rows(view, ({ xs, ys }, from, to) => {
      for (let at = from; at < to; at += 1) {
        const x = xs[at] * cos - ys[at] * sin + left;
        const y = top - xs[at] * sin - ys[at] * cos;
        if (x < 0 || x > width - dot || y < 0 || y > height - dot) continue;
        const corner = (y | 0) * width + (x | 0);
        for (let row = 0; row < dot; row += 1) for (let column = 0; column < dot; column += 1) counts[corner + row * width + column] += 1;
      }
    });
  }

  /** The quadrant of a pixel is told by the signs of its place on the plane, which change along straight lines. */
  colour(view, unit) {
    const { counts, pixels, width, height, shadeOf, colours } = this;
    const cos = Math.cos(view.phase);
    const sin = Math.sin(view.phase);
    const left = view.x * unit - width / 2;
    const top = view.y * unit + height / 2;
    pixels.fill(this.ground);
    for (let row = 0; row < height; row += 1) {
      const begin = row * width;
      const up = top - row;
      for (let column = 0; column < width; column += 1) {
        const count = counts[begin + column];
        if (count === 0) continue;
        const across = left + column;
        const quadrant = up * cos >= across * sin ? (across * cos + up * sin >= 0 ? 0 : 1) : across * cos + up * sin < 0 ? 2 : 3;
        pixels[begin + column] = colours[(quadrant << 8) | shadeOf[count]];
      }
    }
  }
}

const dotOf = (crowd) => [1, 2, 3, 5][[0.12, 0.02, 0.002].filter((least) => crowd < least).length];

const mixed = (one, other, share) => one.map((part, at) => part + (other[at] - part) * share);

const packed = ([red, green, blue]) => ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
