const CELLS = 1024;

/** Sorts points into a grid over the square that holds the disc: the ids of cell c are ids[starts[c]] to ids[starts[c + 1] - 1]. */
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
  for (let id = 0; id < x.length; id += 1) {
    ids[next[cells[id]]] = id;
    next[cells[id]] += 1;
  }
  postMessage({ cells: CELLS, starts, ids }, [starts.buffer, ids.buffer]);
});

const cell = (place) => Math.min(CELLS - 1, Math.max(0, Math.floor(((place + 1) / 2) * CELLS)));
