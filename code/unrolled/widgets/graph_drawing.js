// What the picture of the unrolled graph draws: a row of cells, or one cell in a loop of the graph.
import { at, label, svg, wire } from "./drawing.js";

const [SLOTS, PITCH, MIDDLE, ROW] = [6, 48, 182, 82]; // places in the row of cells, and where they are
// Operations of TensorFlow 1's control flow, counted in a GraphDef of dynamic_rnn.
export const CONTROL_FLOW = { Enter: 11, Merge: 4, Switch: 4, LoopCond: 1, NextIteration: 4, Exit: 4 };

const up = (a, b) => a - b;
const steps = (T) => Array.from({ length: T }, (_, i) => i + 1);

/** Steps in a row, each {step}, and {left} where that many are left out. */
const slots = (cells) =>
  cells.flatMap((step, i) => {
    const left = i && step - cells[i - 1] - 1;
    return left ? [{ left }, { step }] : [{ step }];
  });

/** What there is room for: the first step, the last one, t, and those around t. */
export function shown(T, t) {
  let cells = [...new Set([1, t, T])].sort(up);
  for (const step of steps(T).sort((a, b) => Math.abs(a - t) - Math.abs(b - t))) {
    const more = [...new Set([...cells, step])].sort(up);
    if (slots(more).length <= SLOTS) cells = more;
  }
  return slots(cells);
}

/** A wire through x, y, x, y ... */
const line = (places, className, options) =>
  wire(
    places.flatMap((x, i) => (i % 2 ? [] : [[x, places[i + 1]]])),
    className,
    options,
  );

/** A box with its name and, below it, a number. */
function box([x, y], [wide, high], words, { below = "", works = false } = {}) {
  const rect = { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 6, class: "u-box" };
  return svg(
    "g",
    { class: works ? "u-current" : null },
    svg("rect", rect),
    label(x, below ? y - 3 : y + 5, words, "u-weight"),
    ...(below ? [label(x, y + 14, below, "u-value")] : []),
  );
}

/** One small box for each step, the one at work filled. */
function strip(T, t, words, kind) {
  const pitch = Math.min(24, 316 / T);
  const from = 170 - (T * pitch) / 2;
  return [
    label(170, 276, words, "u-value"),
    ...steps(T).map((step) =>
      svg("rect", {
        x: (from + (step - 0.9) * pitch).toFixed(2),
        y: 284,
        width: (0.8 * pitch).toFixed(2),
        height: 15,
        rx: kind === "u-turn" ? (0.4 * pitch).toFixed(2) : 0,
        class: `u-copy ${kind}${step === t ? " u-works" : ""}`,
      }),
    ),
  ];
}

/** The static graph: a cell for each step. */
export function row(T, t) {
  const places = shown(T, t);
  const first = MIDDLE - ((places.length - 1) * PITCH) / 2;
  const works = (step) => (step === t ? " u-works" : "");
  const h = (cx, step) => line([cx - 30, ROW, cx - 20, ROW], `q-h${works(step)}`); // into the place at cx
  const cell = ({ step, left }, i) => {
    const cx = first + i * PITCH;
    const out = [label(cx, ROW + 4, "· · ·", "u-strong"), label(cx, ROW + 22, `${left} more`, "u-note")];
    if (left) return [h(cx), ...out];
    return [
      h(cx, step),
      line([cx, ROW - 22, cx, 30], `q-y${works(step)}`),
      line([cx - 8, 140, cx - 8, ROW + 24], `q-x${works(step)}`),
      line([cx + 11, 176, cx + 11, ROW + 24], `u-weights${works(step)}`),
      box([cx, ROW], [36, 44], "cell", { below: step, works: step === t }),
      label(cx, 22, at("y", step), "q-y"),
      label(cx - 9, 155, at("x", step), "q-x"),
    ];
  };
  const last = first + (places.length - 1) * PITCH;
  return [
    label(first - 46, ROW + 5, at("h", 0), "q-h"),
    line([first + 11, 176, last + 11, 176], "u-weights", { head: false }),
    line([MIDDLE + 11, 200, MIDDLE + 11, 176], "u-weights", { head: false }),
    ...places.flatMap(cell),
    h(last + PITCH),
    box([MIDDLE + 11, 214], [104, 28], "kernel, bias"),
    ...strip(T, t, `${T} ${T === 1 ? "cell" : "cells"} in the graph, 5 operations each`, ""),
  ];
}

/** The dynamic graph: one cell, in a loop. */
export function loop(T, t) {
  const lit = (yes) => (yes ? " u-works" : "");
  const [back, branch] = [116, 222]; // the middles of what stands above each other
  const flow = (name, place, size, works) => box(place, size, name, { below: `× ${CONTROL_FLOW[name]}`, works });
  return [
    svg("rect", { x: 60, y: 8, width: 222, height: 220, rx: 10, class: "u-while" }),
    label(70, 27, `while t < ${T}`, "u-strong", "start"),
    line([28, 72, 28, 86], `q-h${lit(t === 1)}`),
    line([52, 106, 79, 106], `q-h${lit(t === 1)}`),
    line([back, 86, back, 52, 185, 52], "u-ink u-works"),
    line([branch, 64, branch, 84], "u-ink u-works"),
    line([151, 106, 185, 106], "q-h u-works"),
    line([branch, 126, branch, 162], "q-h u-works"),
    line([189, 186, 165, 186], "q-h u-works"),
    line([back, 164, back, 128], "q-h u-works"),
    line([257, 106, 290, 106], `q-h${lit(t === T)}`),
    line([314, 86, 314, 70], `q-h${lit(t === T)}`),
    line([257, 186, 300, 186], "q-y u-works"),
    line([branch, 238, branch, 210], "q-x u-works"),
    line([14, 236, 14, 128], "u-weights"),
    line([40, 126, 40, 219, 242, 219, 242, 210], "u-weights u-works"),
    label(28, 66, at("h", 0), "q-h"),
    label(314, 62, at("h", T), "q-h"),
    label(318, 191, at("y", t), "q-y"),
    label(branch, 252, at("x", t), "q-x"),
    flow("Enter", [28, 106], [48, 40], t === 1),
    flow("Merge", [back, 106], [70, 40], true),
    box([branch, 52], [74, 24], "LoopCond", { works: true }),
    flow("Switch", [branch, 106], [70, 40], true),
    flow("Exit", [314, 106], [44, 40], t === T),
    flow("NextIteration", [back, 186], [96, 40], true),
    box([branch, 186], [66, 44], "cell", { below: "× 1", works: true }),
    label(169, 144, `step ${t} of ${T}`, "u-value u-strong"),
    label(169, 159, `t: ${t - 1} → ${t}`, "u-note"),
    box([60, 246], [104, 24], "kernel, bias"),
    ...strip(T, t, `1 cell in the graph, ${T} ${T === 1 ? "turn" : "turns"} of the loop`, "u-turn"),
  ];
}
