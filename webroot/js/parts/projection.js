/** The outermost ring of the dictionary. */
export const R_MAX = 13.2;

/** r → distance from the middle of a drawing of radius 1. A root opens the centre: half of all running words have r below 1.2. */
export const spread = (r) => (r / R_MAX) ** 0.4;

export const QUADRANTS = ['I mind', 'II society', 'III matter', 'IV change'];

export const quadrantOf = (theta) => Math.floor(theta / (Math.PI / 2)) & 3;

/** Where each sector lies: sectors follow each other around the plane, and each quadrant is a quarter of it. */
export function sectorArcs({ sectors, quadrants }) {
  const sizes = Object.values(quadrants);
  let quadrant = 0;
  let used = 0;
  return Object.entries(sectors).map(([name, count]) => {
    while (quadrant < 3 && used >= sizes[quadrant]) {
      quadrant += 1;
      used = 0;
    }
    const from = ((quadrant + used / sizes[quadrant]) * Math.PI) / 2;
    used += count;
    return { name, quadrant, count, from, to: ((quadrant + used / sizes[quadrant]) * Math.PI) / 2 };
  });
}
