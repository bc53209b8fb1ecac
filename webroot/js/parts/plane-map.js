import { get } from './api.js';
import { el, whole } from './dom.js';
import { Overlay } from './plane-overlay.js';
import { Picker } from './plane-pick.js';
import { steer } from './plane-input.js';
import { Raster } from './plane-raster.js';
import { View } from './plane-view.js';
import { QUADRANTS, quadrantOf } from './projection.js';

const REACH_PX = 14;
const HOVER_MS = 120;
const SETTLE_MS = 300;
const NAMED_MAX = 40;
const CLOSE = 240;
const NAMES_MAX = 2_000;
const FRAMES = 120;

/** The map of the plane: a million points to move about in, with what lies over them. It shows `points` once it has some. */
export class PlaneMap extends HTMLElement {
  connectedCallback() {
    this.view = new View();
    this.frames = [];
    this.names = new Map();
    this.density = el('canvas', { 'aria-hidden': 'true' });
    this.surface = el('canvas', { tabindex: '0', role: 'application', 'aria-label': 'Map of the plane', 'aria-describedby': 'map-help' });
    this.card = el('div', { class: 'token', 'aria-live': 'polite', hidden: true });
    this.figures = el('p', { class: 'figures num' });
    this.append(this.density, this.surface, this.card, this.figures, this.buttons());
    this.raster = new Raster(this.density);
    this.overlay = new Overlay(this.surface);
    steer(this.surface, this.view, {
      moved: () => this.moved(),
      pointed: (left, top) => this.point(left, top),
      asked: (left, top) => this.point(left, top, true),
      reset: () => this.reset(),
    });
    this.surface.addEventListener('pointerleave', () => this.pinned || this.forget());
    new ResizeObserver(() => this.resize()).observe(this);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour());
    document.addEventListener('theme-turned', () => this.recolour());
    this.recolour();
  }

  buttons() {
    const button = (words, sign, does) => el('button', { type: 'button', 'aria-label': words, title: words, onclick: () => { does(); this.moved(); } }, sign);
    return el('div', { class: 'zooms' },
      button('Zoom in', '+', () => this.view.zoomAt(1.6)),
      button('Zoom out', '−', () => this.view.zoomAt(1 / 1.6)),
      button('Show the whole plane', '⌂', () => this.reset()));
  }

  /** Shows points, which may still be arriving; `ready` tells the map that all are there. */
  show(points) {
    this.points = points;
    this.redraw();
  }

  async ready() {
    this.picker = new Picker(this.points);
    this.redraw();
    await this.picker.build();
    this.dataset.ready = '';
    this.settle();
  }

  set sectors(arcs) {
    this.overlay.sectors = arcs;
    this.redraw();
  }

  set paths(paths) {
    this.overlay.paths = paths;
    this.redraw();
  }

  set phase(radians) {
    this.view.phase = radians;
    this.moved();
  }

  /** Where a token is drawn. Bytes and raw text have no place of their own among the tokens: they lie beyond the rim. */
  placeOf(id) {
    return { x: this.points.x[id], y: this.points.y[id] };
  }

  reset() {
    this.view.fly(0, 0, 1, () => this.moved());
  }

  /** Flies to a token, marks it and tells about it. */
  flyTo(id, words) {
    this.names.set(id, words);
    this.pin(id);
    const { x, y } = this.placeOf(id);
    const [cos, sin] = [Math.cos(this.view.phase), Math.sin(this.view.phase)];
    this.view.fly(x * cos - y * sin, x * sin + y * cos, CLOSE, () => this.moved());
  }

  /** Looks at some places so that all of them are in sight. */
  fit(places) {
    const [cos, sin] = [Math.cos(this.view.phase), Math.sin(this.view.phase)];
    const turned = places.map(({ x, y }) => [x * cos - y * sin, x * sin + y * cos]);
    const range = (axis) => [Math.min(...turned.map((place) => place[axis])), Math.max(...turned.map((place) => place[axis]))];
    const [[left, right], [low, high]] = [range(0), range(1)];
    const size = Math.max(0.02, right - left, high - low);
    this.view.fly((left + right) / 2, (low + high) / 2, Math.min(40, 1.55 / size), () => this.moved());
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this;
    if (!width || !height) return;
    Object.assign(this.view, { width, height });
    this.raster.resize(width, height, devicePixelRatio);
    this.overlay.resize(width, height, devicePixelRatio);
    this.redraw();
    this.settle();
  }

  recolour() {
    this.palette = paletteOf(this);
    this.raster.paint(this.palette.density);
    this.redraw();
  }

  moved() {
    if (!this.pinned) this.forget();
    this.overlay.named = [];
    this.redraw();
    this.settle();
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.points && this.raster.width) this.draw();
    });
  }

  draw() {
    const begun = performance.now();
    this.raster.draw(this.points, this.view, this.picker);
    this.overlay.draw(this.view, this.palette);
    this.frames.push(performance.now() - begun);
    if (this.frames.length > FRAMES) this.frames.shift();
    const { loaded, count } = this.points;
    this.figures.textContent = loaded < count ? `${whole(loaded)} of ${whole(count)} tokens` : `${whole(count)} tokens · frame ${Math.round(median(this.frames.slice(-9)))} ms`;
  }

  point(left, top, pin = false) {
    if (!this.picker) return;
    const [x, y] = this.view.toPlane(left, top);
    const id = this.picker.nearest(x, y, REACH_PX / this.view.unit);
    if (pin && id >= 0) this.pin(id);
    else if (pin) this.unpin();
    else if (!this.pinned && id >= 0) this.tell(id);
    else if (!this.pinned) this.forget();
  }

  pin(id) {
    this.pinned = true;
    this.tell(id);
  }

  unpin() {
    this.pinned = false;
    this.forget();
  }

  forget() {
    if (this.told === undefined) return;
    this.told = undefined;
    clearTimeout(this.asking);
    this.card.hidden = true;
    this.overlay.marks = [];
    this.redraw();
  }

  /** Tells about a token: its numbers at once, its word when the node has said it. */
  tell(id) {
    if (this.told === id) return;
    this.told = id;
    this.describe(id);
    clearTimeout(this.asking);
    if (this.names.has(id)) return;
    this.asking = setTimeout(() => this.learn(id).then(() => this.told === id && this.describe(id)), this.pinned ? 0 : HOVER_MS);
  }

  describe(id) {
    const theta = this.points.theta(id);
    const sector = this.overlay.sectors.find(({ from, to }) => theta >= from && theta < to);
    const words = this.names.get(id);
    this.overlay.marks = [{ ...this.placeOf(id), words }];
    const rows = [['id', `T-${String(id).padStart(7, '0')}`], ['hex', `0x${id.toString(16).toUpperCase().padStart(4, '0')}`], ['r', this.points.r(id).toFixed(1)], ['θ', theta.toFixed(4)]];
    this.card.replaceChildren(
      el('strong', {}, words ?? '…'),
      el('span', { class: 'muted' }, `${QUADRANTS[quadrantOf(theta)]}${sector ? ` · near ${sector.name}` : ''}`),
      el('dl', {}, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', { class: 'num' }, value)))));
    this.card.hidden = false;
    this.redraw();
  }

  async learn(id) {
    try {
      this.names.set(id, (await get(`/v1/lookup?id=${id}`)).canonical);
      if (this.names.size > NAMES_MAX) this.names.delete(this.names.keys().next().value);
    } catch {
      // The token keeps its numbers; its word is asked for again when it is pointed at again.
    }
  }

  /** When the map has come to rest and few tokens are in sight, they get their names. */
  settle() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.nameSeen(), SETTLE_MS);
  }

  async nameSeen() {
    if (!this.picker || !this.points) return;
    const { view } = this;
    const seen = this.picker.seen(view, NAMED_MAX);
    const [unit, x, y] = [view.unit, view.x, view.y];
    await Promise.all(seen.filter((id) => !this.names.has(id)).map((id) => this.learn(id)));
    if (unit !== view.unit || x !== view.x || y !== view.y) return;
    this.overlay.named = seen.filter((id) => id !== this.told && this.names.has(id)).map((id) => ({ ...this.placeOf(id), words: this.names.get(id) }));
    this.redraw();
  }
}

/** The colours of the page as canvases need them: resolved by the browser, for the theme that is shown. */
function paletteOf(host) {
  const probe = host.appendChild(el('span', { hidden: true }));
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const [surface, text] = [colour('surface'), colour('text')];
  const quadrants = ['l0', 'l3', 'l5', 'l1'].map(colour);
  const palette = {
    surface,
    text,
    muted: colour('muted'),
    faint: text.replace('rgb(', 'rgba(').replace(')', ', 0.16)'),
    quadrants,
    paths: [colour('text'), colour('bad')],
    font: getComputedStyle(host).fontFamily,
    density: { ground: parts(surface), text: parts(text), quadrants: quadrants.map(parts) },
  };
  probe.remove();
  return palette;
}

const parts = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);

const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;

customElements.define('sky-map', PlaneMap);
