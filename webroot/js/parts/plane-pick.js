/** Finds tokens by place, on a grid that a worker has built from a copy of the points. */
export class Picker {
  constructor(points) {
    this.points = points;
  }

  /** Becomes ready when the worker is done; until then nothing is found. */
  build() {
    return new Promise((resolve, reject) => {
      const worker = new Worker('/js/workers/pick-grid.js', { type: 'module' });
      worker.onmessage = ({ data }) => {
        this.grid = data;
        worker.terminate();
        resolve();
      };
      worker.onerror = reject;
      const [x, y] = [this.points.x.slice(), this.points.y.slice()];
      worker.postMessage({ x, y }, [x.buffer, y.buffer]);
    });
  }

  /** The token nearest to a place, at most `reach` away; -1 if there is none. */
  nearest(x, y, reach) {
    let best = -1;
    let least = reach * reach;
    this.visit(x - reach, y - reach, x + reach, y + reach, ({ ids, xs, ys }, from, to) => {
      for (let at = from; at < to; at += 1) {
        const away = (xs[at] - x) ** 2 + (ys[at] - y) ** 2;
        if (away < least) {
          least = away;
          best = ids[at];
        }
      }
    });
    return best;
  }

  /** The tokens in sight, or none if there are more than `limit`. */
  seen(view, limit) {
    const found = [];
    this.rows(view, ({ ids, xs, ys }, from, to) => {
      for (let at = from; at < to && found.length <= limit; at += 1) {
        const [left, top] = view.toScreen(xs[at], ys[at]);
        if (left > 0 && top > 0 && left < view.width && top < view.height) found.push(ids[at]);
      }
    });
    return found.length > limit ? [] : found;
  }

  /** Tells the runs of the grid that lie in the cells in sight, some of them a little outside. */
  rows(view, see) {
    const corners = [[0, 0], [view.width, 0], [0, view.height], [view.width, view.height]].map(([left, top]) => view.toPlane(left, top));
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    this.visit(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), see);
  }

  visit(left, low, right, high, see) {
    if (!this.grid) return;
    const { cells, starts } = this.grid;
    const cell = (place) => Math.min(cells - 1, Math.max(0, Math.floor(((place + 1) / 2) * cells)));
    for (let row = cell(low); row <= cell(high); row += 1) {
      see(this.grid, starts[row * cells + cell(left)], starts[row * cells + cell(right) + 1]);
    }
  }
}
