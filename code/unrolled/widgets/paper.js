// Paper to draw on, with a finger, a mouse or keys: 28 by 28 pixels of ink in 16 levels.
import { html, put, svg } from "./drawing.js";
import { SIDE } from "./pixels.js";
import { shades } from "./shades.js";

const CELL = 10; // units of the drawing for a pixel
const FULL = 15; // ink
const PEN = { ink: 1.4, rubber: 1.9 }; // pixels from the middle of the stroke to its soft edge
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** How far (x, y) is from the straight way between two points. */
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) : 0;
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** The ink after a round, soft pen went from `a` to `b`, points in pixels; a rubber takes ink away. */
export function stroked(levels, a, b, rubber = false) {
  const reach = rubber ? PEN.rubber : PEN.ink;
  return levels.map((level, k) => {
    const far = distance([(k % SIDE) + 0.5, Math.floor(k / SIDE) + 0.5], a, b);
    const touched = Math.round(FULL * Math.min(Math.max(reach + 0.5 - far, 0), 1));
    return rubber ? Math.min(level, FULL - touched) : Math.max(level, touched);
  });
}

/** read: () -> the ink, 784 levels; ondrawn: what to do with a new one; rubbing: () -> whether the pen takes ink away. */
export function paper({ read, ondrawn, rubbing }) {
  const size = SIDE * CELL;
  const ink = shades({ x: 0, y: 0, width: size, height: size });
  const pen = svg("rect", { width: CELL, height: CELL, class: "u-pen" });
  const drawing = svg("svg", { viewBox: `0 0 ${size} ${size}`, class: "u-drawing", role: "img" }, ...ink.parts, pen);
  const box = html("div", { class: "u-paper", role: "application", tabindex: 0 }, drawing);
  let at = [14, 6]; // the pixel under the pen that keys move: column, row
  let last = null; // the point of the stroke that a finger or a mouse draws
  const middle = ([column, row]) => [column + 0.5, row + 0.5];
  const draw = (a, b, rubber = rubbing()) => ondrawn(stroked(read(), a, b, rubber));

  const point = (event) => {
    const { left, top, width, height } = drawing.getBoundingClientRect();
    return [((event.clientX - left) / width) * SIDE, ((event.clientY - top) / height) * SIDE];
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    box.focus({ preventScroll: true });
    box.setPointerCapture?.(event.pointerId);
    last = point(event);
    draw(last, last);
  });
  box.addEventListener("pointermove", (event) => {
    if (!last) return;
    const to = point(event);
    draw(last, to);
    last = to;
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => (last = null));
  box.addEventListener("keydown", (event) => {
    const { key, shiftKey } = event;
    if (![...Object.keys(MOVES), " ", "Backspace", "Delete"].includes(key)) return;
    event.preventDefault();
    const from = at;
    if (MOVES[key]) {
      at = at.map((place, axis) => Math.min(Math.max(place + MOVES[key][axis], 0), SIDE - 1));
      if (shiftKey) return draw(middle(from), middle(at));
      return place();
    }
    return draw(middle(at), middle(at), key === " " ? rubbing() : true);
  });

  function place() {
    put(pen, "x", at[0] * CELL);
    put(pen, "y", at[1] * CELL);
    const level = read()[at[1] * SIDE + at[0]];
    put(
      box,
      "aria-label",
      "Paper. Arrow keys move the pen, with Shift they draw, space makes a dot, Delete takes ink away. " +
        `The pen is at row ${at[1] + 1}, column ${at[0] + 1}, ink ${level} of ${FULL}.`,
    );
  }
  const refresh = (levels, words) => {
    ink.paint(
      Array.from({ length: SIDE }, (_, row) => Array.from(levels.slice(row * SIDE, (row + 1) * SIDE), (v) => v / FULL)),
      "x",
    );
    put(drawing, "aria-label", words);
    place();
  };
  return { box, refresh };
}
