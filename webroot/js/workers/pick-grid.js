const CELLS = 1024;

/**
 * Sorts points into a grid over the square that holds the disc: those of cell c are numbers starts[c] to starts[c + 1] - 1
 * of ids, xs and ys. The places are copied, so that neighbours on the plane are neighbours in memory.
 */
addEventListener('message', ({ data: { x, y } }) => {
  const starts = new Uint32Array(CELLS * CELLS + 1);
  const cells = new Uint32Array(x.length);
  for (let id = 0; id < x.length; id += 1) {
    cells[id] = cell(y[id]) * CELLS + cell(x[id]);
    starts[cells[id] + 1] += 1;
  }
  for (let at = 0; at < CELLS * CELLS; at += 1) starts[at + 1] += starts[at];
  const next = starts.slice();
  const ids = new Uint32Array(x.length);
  const xs = new Float32Array(x.length);
  const ys = new Float32Array(x.length);
  for (let id = 0; id < x.length; id += 1) {
    const at = next[cells[id]];
    next[cells[id]] = at + 1;
    ids[at] = id;
    xs[at] = x[id];
    ys[at] = y[id];
  }
  postMessage({ cells: CELLS, starts, ids, xs, ys }, [starts.buffer, ids.buffer, xs.buffer, ys.buffer]);
});

const cell = (place) => Math.min(CELLS - 1, Math.max(0, Math.floor(((place + 1) / 2) * CELLS)));
