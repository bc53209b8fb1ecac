import { QUADRANTS, spread } from './projection.js';

const BAND_PX = 19;
const RINGS = [1, 2, 5, 13.2];
const LABELS_MAX = 16;
const NAMES_PX = 13;

/** Draws what lies over the density: rings, sectors and their names, sentences as paths, and the token under the pointer. */
export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.sectors = [];
    this.paths = [];
    this.named = [];
    this.marks = [];
  }

  resize(width, height, ratio) {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
  }

  draw(view, palette) {
    const pen = this.context;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, view.width, view.height);
    pen.font = `12px ${palette.font}`;
    const [left, top] = view.toScreen(0, 0);
    this.rings(pen, view, palette, left, top);
    pen.font = `11px ${palette.font}`;
    this.band(pen, view, palette, left, top);
    this.quadrants(pen, view, palette, left, top);
    const taken = [];
    const paths = this.paths.map((path) => ({ ...path, places: path.points.map(({ x, y }) => view.toScreen(x, y)) }));
    paths.forEach((path) => this.path(pen, palette, path, taken));
    pen.font = `650 14px ${palette.font}`;
    paths.forEach(({ points, places }) => points.slice(0, LABELS_MAX).forEach(({ words }, at) => this.name(pen, places[at], words, palette, taken, true)));
    pen.font = `12px ${palette.font}`;
    this.named.forEach(({ x, y, words }) => this.name(pen, view.toScreen(x, y), words, palette, taken, false));
    this.marks.forEach((mark) => this.mark(pen, view.toScreen(mark.x, mark.y), mark.words, palette, taken));
  }

  rings(pen, view, palette, left, top) {
    pen.lineWidth = 1;
    pen.strokeStyle = palette.faint;
    RINGS.forEach((r) => arc(pen, left, top, spread(r) * view.unit, 0, 2 * Math.PI));
    for (let quadrant = 0; quadrant < 4; quadrant += 1) {
      const angle = -(view.phase + (quadrant * Math.PI) / 2);
      pen.beginPath();
      pen.moveTo(left, top);
      pen.lineTo(left + Math.cos(angle) * view.unit, top + Math.sin(angle) * view.unit);
      pen.stroke();
    }
  }

  band(pen, view, palette, left, top) {
    const inner = view.unit * 1.012;
    this.sectors.forEach(({ name, quadrant, from, to }, at) => {
      const [begin, end] = [-(to + view.phase), -(from + view.phase)];
      pen.strokeStyle = palette.quadrants[quadrant];
      pen.globalAlpha = at % 2 ? 0.2 : 0.38;
      pen.lineWidth = BAND_PX;
      arc(pen, left, top, inner + 2 + BAND_PX / 2, begin, end);
      pen.globalAlpha = 1;
      pen.lineWidth = 2.5;
      arc(pen, left, top, inner + 1, begin, end);
      this.around(pen, name, left, top, inner + 2 + BAND_PX / 2, begin, end, view, palette.text);
    });
  }

  /** Writes a name along its arc, upright, where it fits; zoomed in, near the middle of what is seen. */
  around(pen, name, left, top, radius, begin, end, view, colour) {
    const wide = pen.measureText(name).width;
    if ((end - begin) * radius < wide + 4) return;
    const half = (wide / 2 + 2) / radius;
    let middle = (begin + end) / 2;
    if (view.zoom > 1.5) {
      const seen = Math.atan2(view.height / 2 - top, view.width / 2 - left);
      const turns = Math.round((middle - seen) / (2 * Math.PI));
      middle = Math.min(end - half, Math.max(begin + half, seen + turns * 2 * Math.PI));
    }
    const [x, y] = [left + radius * Math.cos(middle), top + radius * Math.sin(middle)];
    if (x < -wide || y < -wide || x > view.width + wide || y > view.height + wide) return;
    const way = Math.sin(middle) < 0 ? 1 : -1;
    pen.fillStyle = colour;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    let walked = -wide / 2;
    for (const letter of name) {
      const step = pen.measureText(letter).width;
      const angle = middle + (way * (walked + step / 2)) / radius;
      pen.save();
      pen.translate(left + radius * Math.cos(angle), top + radius * Math.sin(angle));
      pen.rotate(angle + (way * Math.PI) / 2);
      pen.fillText(letter, 0, 0.5);
      pen.restore();
      walked += step;
    }
  }

  /** The quadrants' names run around the rim, outside of their sectors. */
  quadrants(pen, view, palette, left, top) {
    pen.font = `650 ${NAMES_PX}px ${palette.font}`;
    QUADRANTS.forEach((words, quadrant) => {
      const end = -(view.phase + (quadrant * Math.PI) / 2);
      this.around(pen, words, left, top, view.unit * 1.012 + BAND_PX + 11, end - Math.PI / 2, end, view, palette.quadrants[quadrant]);
    });
    pen.font = `12px ${palette.font}`;
  }

  path(pen, palette, { places, kind }, taken) {
    const colour = palette.paths[kind];
    pen.setLineDash([]);
    trace(pen, places, palette.surface, 6);
    pen.setLineDash(kind ? [7, 5] : []);
    trace(pen, places, colour, 2.5);
    pen.setLineDash([]);
    places.forEach(([x, y], at) => {
      pen.beginPath();
      if (kind) pen.rect(x - 4.5, y - 4.5, 9, 9);
      else pen.arc(x, y, 5, 0, 2 * Math.PI);
      pen.lineWidth = 2.5;
      pen.strokeStyle = colour;
      pen.fillStyle = at === 0 ? colour : palette.surface;
      pen.fill();
      pen.stroke();
      taken.push([x - 6, y - 6, x + 6, y + 6]);
    });
  }

  /** Writes a word right, left, above or below its place; where none of them is free the word is left out. */
  name(pen, [x, y], words, palette, taken, strong) {
    if (!words.trim()) return;
    const wide = pen.measureText(words).width;
    const high = strong ? 17 : 14;
    const box = [[x + 9, y], [x - 9 - wide, y], [x - wide / 2, y - 16], [x - wide / 2, y + 16]]
      .map(([at, middle]) => [at, middle - high / 2, at + wide, middle + high / 2])
      .find((one) => taken.every((other) => one[0] >= other[2] || other[0] >= one[2] || one[1] >= other[3] || other[1] >= one[3]));
    if (!box) return;
    taken.push(box);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    write(pen, words, box[0], (box[1] + box[3]) / 2, strong ? palette.text : palette.muted, palette.surface);
  }

  mark(pen, place, words, palette, taken) {
    pen.beginPath();
    pen.arc(place[0], place[1], 9, 0, 2 * Math.PI);
    pen.lineWidth = 5;
    pen.strokeStyle = palette.surface;
    pen.stroke();
    pen.lineWidth = 2.5;
    pen.strokeStyle = palette.text;
    pen.stroke();
    pen.font = `650 14px ${palette.font}`;
    if (words) this.name(pen, [place[0] + 4, place[1]], words, palette, taken, true);
    pen.font = `12px ${palette.font}`;
  }
}

function arc(pen, left, top, radius, begin, end) {
  pen.beginPath();
  pen.arc(left, top, radius, begin, end);
  pen.stroke();
}

function trace(pen, places, colour, width) {
  pen.beginPath();
  places.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.strokeStyle = colour;
  pen.stroke();
}

function write(pen, words, x, y, colour, halo) {
  pen.lineWidth = 4;
  pen.lineJoin = 'round';
  pen.strokeStyle = halo;
  pen.strokeText(words, x, y);
  pen.fillStyle = colour;
  pen.fillText(words, x, y);
}
