/** Builds elements. Strings become text nodes and are never parsed as markup. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Builds SVG elements by the same rules as `el`. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
}

const PATHS = {
  home: 'M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z',
  chat: 'M5 4h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z',
  genom: 'M12 3v18M3 12h18M12 12l5-6M17 6a1 1 0 1 0 .1 0M12 3a9 9 0 1 0 .1 0',
  plane: 'M12 3a9 9 0 1 0 .1 0M12 7.5a4.5 4.5 0 1 0 .1 0M12 12h.1M17 8h.1M7 15h.1M9 6.5h.1M16 16h.1',
  swarm: 'M12 4a2.5 2.5 0 1 0 .1 0M5 15a2.5 2.5 0 1 0 .1 0M19 15a2.5 2.5 0 1 0 .1 0M11 9l-4.5 6M13 9l4.5 6M7.5 17.5h9',
  web: 'M12 3a9 9 0 1 0 .1 0M3.5 9h17M3.5 15h17M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18',
  inbox: 'M4 5h16v14H4zM4 13h5l1.5 2.5h3L15 13h5',
  knowledge: 'M5 4h10a4 4 0 0 1 4 4v12H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
  levels: 'M4 19h4v-5H4zM10 19h4V9h-4zM16 19h4V4h-4z',
  status: 'M3 12h4l3-8 4 16 3-8h4',
  account: 'M12 4a4 4 0 1 0 .1 0M4 21c0-4.5 3.6-7 8-7s8 2.5 8 7',
  docs: 'M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16',
  theme: 'M12 3a9 9 0 1 0 .1 0M12 3v18M12 7h4M12 12h8M12 17h4',
  list: 'M4 6h16M4 12h10M4 18h7',
  plus: 'M12 5v14M5 12h14',
  pen: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  bin: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  again: 'M20 11a8 8 0 1 0-2.2 6.5M20 4v7h-7',
  good: 'M7 11v9H4v-9zM7 12l4-8c1.7 0 2.6 1.2 2.2 2.8L12.6 10H18c1.5 0 2.4 1.2 2 2.6l-1.6 5.6c-.3 1.1-1.2 1.8-2.3 1.8H7',
  bad: 'M7 13V4H4v9zM7 12l4 8c1.7 0 2.6-1.2 2.2-2.8L12.6 14H18c1.5 0 2.4-1.2 2-2.6l-1.6-5.6C18.1 4.7 17.2 4 16.1 4H7',
  left: 'M14.5 6l-6 6 6 6',
  right: 'M9.5 6l6 6-6 6',
  shut: 'M6 6l12 12M18 6L6 18',
  keys: 'M3 6h18v12H3zM7 10h.1M11 10h.1M15 10h.1M8 14h8',
};

/** One of our line icons. Decorative: the text beside it says the same. */
export function icon(name) {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: PATHS[name] }));
}

/** Whole numbers with thousands separators, as the reader writes them. */
export const whole = (number) => Number(number).toLocaleString();
