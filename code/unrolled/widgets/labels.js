// Labels that are neither cut nor on top of each other: measured in a browser, estimated where there is none.
import { put } from "./drawing.js";

// As in drawing.css.
export const SIZES = { "u-sign": 18, "u-tick": 13, "u-value": 13, "u-weight": 13, "u-note": 12, "u-axis": 12 };
const [USUAL, INSIDE] = [14, 1]; // pixels: of a label without such a class; between a label and the edge
const REACH = [30, 12]; // so far a label may go, across and down
const BOLD = /u-strong|u-seen/;
const widths = new Map(); // of words that were measured before
let pen, family; // asked for once: to ask for a style makes the browser compute all of them

function measure(words, font) {
  pen ??= document.createElement("canvas").getContext?.("2d") ?? false;
  if (!pen?.measureText) return 0.5 * Number.parseFloat(font.split(" ")[1]) * words.length;
  pen.font = font;
  return pen.measureText(words).width;
}

/** How wide words are at a size in pixels. */
export function widthOf(words, size, weight = 400) {
  family ??= globalThis.getComputedStyle?.(document.documentElement).getPropertyValue("--q-font") || "system-ui";
  const font = `${weight} ${size}px ${family}, sans-serif`;
  const key = font + words;
  if (!widths.has(key)) widths.set(key, measure(words, font));
  return widths.get(key);
}

/** The room a label takes where it was first put: left, top, right, bottom. */
function room(text) {
  text.home ??= ["x", "y"].map((name) => Number(text.getAttribute(name)));
  const [[x, y], classes] = [text.home, text.getAttribute("class") ?? ""];
  const size = SIZES[Object.keys(SIZES).find((name) => classes.split(" ").includes(name))] ?? USUAL;
  const width = widthOf(text.textContent, size, BOLD.test(classes) ? 700 : 400);
  const left = x - width * { start: 0, middle: 0.5, end: 1 }[text.getAttribute("text-anchor") ?? "start"];
  return [left, y - 0.78 * size, left + width, y + 0.2 * size];
}

const shifted = ([left, top, right, bottom], [dx, dy]) => [left + dx, top + dy, right + dx, bottom + dy];
const apart = (a, b) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];

/** The shortest way, [dx, dy], to a place in the drawing that no other label has; null when all are too far. */
function way(box, others, [wide, high]) {
  const inside = ([left, top, right, bottom]) => left >= 0 && right <= wide && top >= -1 && bottom <= high + 1;
  if (inside(box) && others.every((other) => apart(box, other))) return [0, 0]; // nearly always
  const clamp = Math.max(INSIDE - box[0], 0) + Math.min(wide - INSIDE - box[2], 0);
  const near = others.flatMap((other) => [
    [other[2] - box[0] + 3, 0],
    [other[0] - box[2] - 3, 0],
    [clamp, other[3] - box[1]],
    [clamp, other[1] - box[3]],
  ]);
  return (
    [[clamp, 0], ...near]
      .filter(([dx, dy]) => Math.abs(dx) <= Math.max(REACH[0], Math.abs(clamp)) && Math.abs(dy) <= REACH[1])
      .sort((a, b) => Math.hypot(...a) - Math.hypot(...b))
      .find((by) => inside(shifted(box, by)) && others.every((other) => apart(shifted(box, by), other))) ?? null
  );
}

/** Move labels that would be cut or lie on an earlier one; a tick or a note for which there is no room is left out. */
export function keepApart(drawing) {
  const size = drawing.getAttribute("viewBox").split(" ").slice(2).map(Number);
  const taken = [];
  for (const text of drawing.querySelectorAll("text")) {
    if (!text.textContent) continue;
    const box = room(text);
    const by = way(box, taken, size);
    const crowded = by === null && /u-tick|u-note/.test(text.getAttribute("class"));
    if (crowded || text.hasAttribute("visibility")) put(text, "visibility", crowded ? "hidden" : "visible");
    if (crowded) continue;
    const to = by ?? [0, 0];
    for (const [i, name] of ["x", "y"].entries()) {
      if (to[i] || text.away) put(text, name, Number((text.home[i] + to[i]).toFixed(2)));
    }
    text.away = to[0] !== 0 || to[1] !== 0;
    taken.push(shifted(box, to));
  }
}
