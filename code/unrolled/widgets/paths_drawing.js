// What the picture of the paths back draws: the unrolled network, the way forward and the ways back.
import { foot, label, math, number, put, short, svg, wire } from "./drawing.js";

const STEP = 136; // from one cell to the next
const FIRST = 148; // the middle of the first cell
const ROW = 182; // the height of all cells
const BACK = ROW + 15; // where the way back runs, below the way forward

/** A weight where it is used. */
function chip(x, y, name) {
  const words = label(x, y + 4, "", "u-weight");
  const group = svg(
    "g",
    { class: "u-use" },
    svg("rect", { x: x - 33, y: y - 10, width: 66, height: 20, rx: 10 }),
    words,
  );
  return { group, name, words };
}

/** One step of the network, the way forward and the pieces of the way back that begin at it. */
function column(k, chooseCost, choosePath) {
  const cx = FIRST + (k - 1) * STEP;
  const between = cx - STEP / 2;
  const text = {};
  const place = (name, ...where) => (text[name] = label(...where));
  const chips = [chip(cx, 246, "w_I"), chip(between, ROW - 8, "w_R"), chip(cx, 124, "w_y")];
  chips[1].group.addEventListener("click", () => choosePath(k));
  const pieces = {
    down: wire(
      [
        [cx - 14, 55],
        [cx - 14, ROW - 28],
      ],
      "u-back",
    ), // from the cost to the state
    left: wire(
      [
        [cx - 31, BACK],
        [cx - STEP + 33, BACK],
      ],
      "u-back",
    ), // to the state before
    end: wire(
      [
        [cx - 31, BACK],
        [between, BACK],
        [between, ROW + 4],
      ],
      "u-back",
    ), // to w_R
  };
  const cost = svg(
    "g",
    { class: "u-cost" },
    svg("rect", { x: cx - 34, y: 6, width: 68, height: 44, rx: 8 }),
    label(cx, 24, foot("C", k), "q-loss"),
    place("C", cx, 42, "", "q-loss u-value"),
  );
  cost.addEventListener("click", () => chooseCost(k));
  const group = svg(
    "g",
    {},
    wire(
      [
        [cx, 274],
        [cx, ROW + 28],
      ],
      "q-x",
    ),
    wire(
      [
        [cx - STEP + 31, ROW - 8],
        [cx - 31, ROW - 8],
      ],
      "q-h",
    ),
    wire(
      [
        [cx, ROW - 26],
        [cx, 54],
      ],
      "q-y",
    ),
    pieces.left,
    pieces.end,
    pieces.down,
    ...chips.map((it) => it.group), // the way back passes behind w_y
    svg("rect", { x: cx - 29, y: ROW - 24, width: 58, height: 48, rx: 8, class: "u-box" }),
    label(cx, ROW - 6, foot("h", k), "q-h"),
    place("h", cx, ROW + 12, "", "q-h u-value"),
    place("y", cx + 8, 92, "", "q-y u-value", "start"),
    place("target", cx + 8, 74, "", "u-tick", "start"),
    place("x", cx, 290, "", "q-x u-value"),
    label(cx, 307, foot("x", k), "q-x"),
    place("dh", cx + 7, ROW + 48, "", "q-gradient u-value", "start"),
    place("carry", between, ROW + 30, "", "q-gradient u-value"),
    cost,
  );
  const refresh = (model, step, { t, s, backs }) => {
    for (const { name, words } of chips) math(words, `${name} ${short(model.get(name))}`);
    const numbers = {
      C: number(step.C),
      h: number(step.h),
      x: short(step.x),
      y: `${foot("y", k)} ${number(step.y)}`,
      target: `target ${short(step.target)}`,
    };
    const walked = k <= t && k >= s;
    numbers.dh = walked ? `dh ${number(backs[k].dh)}` : "";
    numbers.carry = walked && k > s ? `× ${number(backs[k].carry)}` : "";
    for (const [name, words] of Object.entries(numbers)) put(text[name], "text", words);
    const lit = { down: k === t, left: walked && k > s, end: k === s };
    const there = { down: k === t, left: k <= t && k > 1, end: k <= t };
    for (const [name, piece] of Object.entries(pieces)) {
      put(piece, "class", `u-wire u-back q-gradient${lit[name] ? " u-lit" : there[name] ? "" : " u-gone"}`);
    }
    put(cost, "class", k === t ? "u-cost u-chosen" : "u-cost");
    put(chips[1].group, "class", k === s ? "u-use u-lit" : k <= t ? "u-use u-reached" : "u-use");
  };
  return { group, refresh };
}

/** The network unrolled over T steps. */
export function network(T, chooseCost, choosePath) {
  const width = FIRST + (T - 1) * STEP + 100; // 90: the words right of the last cell
  const columns = Array.from({ length: T }, (_, i) => column(i + 1, chooseCost, choosePath));
  const start = label(26, ROW + 12, "", "q-h u-value");
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${width} 314`,
      class: "u-drawing",
      role: "img",
      style: `min-width: ${Math.round(width * 0.71)}px; max-width: ${width}px`,
    },
    label(26, ROW - 6, foot("h", 0), "q-h"),
    start,
    ...columns.map(({ group }) => group),
  );
  const refresh = (model, steps, walk) => {
    put(start, "text", short(model.get("h0")));
    steps.forEach((step, i) => columns[i].refresh(model, step, walk));
    const states = steps.map(({ h, C }, i) => `step ${i + 1}: state ${number(h)}, cost ${number(C)}`).join("; ");
    const way =
      walk.s === walk.t ? "" : ` by way of ${walk.t - walk.s} earlier ${walk.t - walk.s === 1 ? "state" : "states"}`;
    put(
      drawing,
      "aria-label",
      `The network unrolled over ${steps.length} steps; ${states}. The path that is lit runs from the cost ` +
        `of step ${walk.t}${way} to w_R at step ${walk.s} and adds ${number(walk.backs[walk.s].path)} to the ` +
        "gradient.",
    );
  };
  return { drawing, refresh };
}
