import { Problem } from './api.js';
import { whole } from './dom.js';
import { spread } from './projection.js';

const POINT_BYTES = 8;
const RING_STEP = 0.1;
const RING_ONE = 512;
const RING_TWO = 16_384;
const RING_SIZE = 8_192;

/** The points of all tokens, by id: as the node tells them (r, θ) and as they are drawn (x, y in a disc of radius 1). */
export class Points {
  constructor(count) {
    this.count = count;
    this.polar = new Float32Array(2 * count);
    this.x = new Float32Array(count);
    this.y = new Float32Array(count);
    this.bytes = 0;
    this.loaded = 0;
  }

  r(id) {
    return this.polar[2 * id];
  }

  theta(id) {
    return this.polar[2 * id + 1];
  }

  /** Takes the points as they arrive, the commonest first. After a failure it goes on where it was. */
  async load(path, arrived) {
    const bytes = new Uint8Array(this.polar.buffer);
    const reader = (await this.open(path)).body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes.set(value, this.bytes);
        this.bytes += value.length;
        this.place();
        arrived();
      }
    } catch (failure) {
      throw new Problem({ title: 'The plane did not arrive whole.', detail: `${failure.message}.`, fix: 'Try again: it goes on where it stopped.' });
    }
    if (this.loaded < this.count) throw new Problem({ title: 'The plane did not arrive whole.', detail: `${whole(this.loaded)} of ${whole(this.count)} points came.`, fix: 'Try again: it goes on where it stopped.' });
  }

  async open(path) {
    let response;
    try {
      response = await fetch(path, this.bytes ? { headers: { Range: `bytes=${this.bytes}-` } } : {});
    } catch {
      throw new Problem({ title: 'The node cannot be reached.', detail: 'The connection failed.', fix: 'Check that "skynet run" is still running.' });
    }
    if (!response.ok) throw new Problem({ title: `The node answered ${response.status}.`, detail: 'The points of the plane were not given.', status: response.status, request_id: response.headers.get('X-Request-Id') });
    if (response.status !== 206) this.bytes = 0;
    return response;
  }

  /** Turns what has arrived into places. Within its ring a token is drawn at the height that its rank gives it. */
  place() {
    const to = Math.floor(this.bytes / POINT_BYTES);
    for (let id = this.loaded; id < to; id += 1) {
      const distance = spread(this.polar[2 * id] + RING_STEP * (height(id) - 0.5));
      const theta = this.polar[2 * id + 1];
      this.x[id] = distance * Math.cos(theta);
      this.y[id] = distance * Math.sin(theta);
    }
    this.loaded = to;
  }
}

/** 0 for the first id of a ring to 1 for the last: rings hold 512, then 15,872, then 8,192 ids each. */
function height(id) {
  if (id < RING_ONE) return id / RING_ONE;
  if (id < RING_TWO) return (id - RING_ONE) / (RING_TWO - RING_ONE);
  return ((id - RING_TWO) % RING_SIZE) / RING_SIZE;
}
