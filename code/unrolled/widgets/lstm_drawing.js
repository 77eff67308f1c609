// What the picture of the LSTM cell draws: the machine at one step, and its conveyor over all steps.
import { foot, label, math, number, put, short, svg, wire } from "./drawing.js";

export const PARTS = { i: "i", f: "f", g: "C̃", o: "o" }; // the gates and the candidate, as the slides write them
const BOXES = { f: 58, i: 130, g: 202, o: 274 }; // the middle of each, from left to right
const WIDTH = { f: 56, i: 56, g: 76, o: 56 };
const [BELT, TALL, PIPE] = [78, 34, 22]; // where the belt runs; the tallest load on it; the width of a pipe
const DASHES = { f: "8 3 2 3", i: "10 3", o: "6 2 1 2 1 2" }; // as in palette.py

/** A load on the belt or a flow in a pipe: as large as its number, hollow and dashed below zero. */
function load(element, value, size) {
  const negative = value < 0;
  put(element, "class", `${element.getAttribute("class").replace(" u-minus", "")}${negative ? " u-minus" : ""}`);
  for (const [name, amount] of Object.entries(size(Math.max(Math.abs(value), 0.02))))
    put(element, name, amount.toFixed(2));
}

/** The walls of a vertical pipe and the flow in it. `.fill(value)`: from 0, dry, to 1 or −1, full. */
function pipe(cx, top, bottom, className) {
  const flow = svg("rect", { y: top, height: bottom - top, class: `u-load ${className}` });
  const walls = svg("path", {
    d: `M${cx - PIPE / 2} ${top}V${bottom}M${cx + PIPE / 2} ${top}V${bottom}`,
    class: "u-wall",
  });
  const group = svg("g", {}, flow, walls);
  group.fill = (value) => load(flow, value, (part) => ({ x: cx + PIPE / 2 - part * PIPE, width: part * PIPE }));
  return group;
}

/** A plate that leaves open as much of its frame as the gate says. A wide one closes to the right, a tall one down. */
function valve({ x, y, width, height, name }) {
  const plate = svg("rect", { x, y, width, height, class: `u-plate q-${name}` });
  const group = svg("g", { class: `u-valve q-${name}` }, plate, svg("rect", { x, y, width, height, rx: 2 }));
  group.open = (part) =>
    width > height
      ? put(plate, "width", (width * (1 - part)).toFixed(2))
      : put(plate, "height", (height * (1 - part)).toFixed(2));
  return group;
}

/** The cell at one step. choose(part): what a click on one of the four boxes does. */
export function machine(choose) {
  const text = {};
  const place = (name, ...where) => (text[name] = label(...where));
  const crate = (cx) => svg("rect", { x: cx - 14, width: 28, class: "u-load q-C" });
  const crates = { C0: crate(24), kept: crate(130), C: crate(262) };
  const pipes = {
    g: pipe(202, 160, 196, "q-g"),
    put: pipe(202, 92, 160, "q-i"),
    tanh: pipe(318, 125, 152, "q-C"),
    h: pipe(318, 152, 250, "q-h"),
  };
  const valves = {
    f: valve({ x: 48, y: BELT - 38, width: 20, height: 38, name: "f" }),
    i: valve({ x: 202 - PIPE / 2, y: 142, width: PIPE, height: 18, name: "i" }),
    o: valve({ x: 318 - PIPE / 2, y: 152, width: PIPE, height: 18, name: "o" }),
  };
  const cleats = svg("path", { d: `M-40 ${BELT}H380`, class: "u-cleats q-C" });
  const boxes = Object.entries(BOXES).map(([name, cx]) =>
    svg(
      "g",
      { "data-part": name, onclick: () => choose(name) },
      svg("rect", { x: cx - WIDTH[name] / 2, y: 196, width: WIDTH[name], height: 44, rx: 8, class: "u-box" }),
      place(`${name}Name`, cx, 213, "", `q-${name}`),
      place(name, cx, 231, "", `q-${name} u-value`),
    ),
  );
  const drawing = svg(
    "svg",
    { viewBox: "0 0 340 328", class: "u-drawing u-machine", role: "img" },
    ...[50, 122, 194].flatMap((x) => [
      wire(
        [
          [x, 262],
          [x, 243],
        ],
        "q-h",
      ),
      wire(
        [
          [x + 16, 298],
          [x + 16, 243],
        ],
        "q-x",
      ),
    ]),
    wire(
      [
        [0, 262],
        [266, 262],
        [266, 243],
      ],
      "q-h",
    ),
    wire(
      [
        [0, 298],
        [282, 298],
        [282, 243],
      ],
      "q-x",
    ),
    wire(
      [
        [58, 196],
        [58, 96],
      ],
      "q-f",
    ),
    wire(
      [
        [130, 196],
        [130, 151],
        [188, 151],
      ],
      "q-i",
    ),
    wire(
      [
        [274, 196],
        [274, 161],
        [304, 161],
      ],
      "q-o",
    ),
    ...Object.values(pipes),
    wire(
      [
        [318, 92],
        [318, 103],
      ],
      "q-C",
    ),
    wire(
      [
        [318, 250],
        [318, 262],
      ],
      "q-h",
    ),
    svg("path", { d: `M0 ${BELT}H340M0 92H340`, class: "u-belt q-C" }),
    cleats,
    ...Array.from({ length: 9 }, (_, i) => svg("circle", { cx: 18 + i * 38, cy: 85, r: 4.5, class: "u-roller q-C" })),
    ...Object.values(crates),
    ...Object.values(valves),
    svg("circle", { cx: 202, cy: 85, r: 11, class: "u-box" }),
    label(202, 91, "+", "u-sign"),
    svg("rect", { x: 299, y: 105, width: 38, height: 20, rx: 6, class: "u-box" }),
    label(318, 119, "tanh", "u-tick u-strong"),
    ...boxes,
    place("C0Name", 4, 16, "", "q-C", "start"),
    place("C0", 4, 33, "", "q-C u-value", "start"),
    place("keptName", 130, 16, "", "q-C"),
    place("kept", 130, 33, "", "q-C u-value"),
    place("CName", 262, 16, "", "q-C"),
    place("C", 262, 33, "", "q-C u-value"),
    label(338, 68, "next step", "u-note", "end"),
    label(68, 118, "dashed: below 0", "u-note", "start"),
    place("putName", 220, 111, "", "q-i", "start"),
    place("put", 220, 128, "", "q-i u-value", "start"),
    place("tanh", 304, 146, "", "u-value", "end"),
    place("h0Name", 2, 256, "", "q-h", "start"),
    place("h0", 2, 277, "", "q-h u-value", "start"),
    place("xName", 2, 293, "", "q-x", "start"),
    place("x", 2, 314, "", "q-x u-value", "start"),
    place("hName", 318, 280, "", "q-h"),
    place("h", 337, 299, "", "q-h u-value", "end"),
  );
  const refresh = (steps, t, chosen) => {
    const now = steps[t - 1];
    const most = Math.max(1, ...steps.map(({ C }) => Math.abs(C)));
    const [f, i, g] = ["f", "i", "C̃"].map((letter) => foot(letter, t));
    const words = {
      C0Name: foot("C", t - 1),
      keptName: `${f} ${foot("C", t - 1)}`,
      CName: foot("C", t),
      putName: `${i} ${g}`,
      h0Name: foot("h", t - 1),
      xName: foot("x", t),
      hName: foot("h", t),
      fName: `${f} = σ`,
      iName: `${i} = σ`,
      gName: `${g} = tanh`,
      oName: `${foot("o", t)} = σ`,
    };
    for (const [name, word] of Object.entries(words)) math(text[name], word);
    for (const name of ["C0", "kept", "C", "put", "tanh", "h0", "h", "f", "i", "g", "o"])
      put(text[name], "text", number(now[name]));
    put(text.x, "text", short(now.x));
    for (const [name, it] of Object.entries(crates))
      load(it, now[name] / most, (part) => ({ y: BELT - 1 - part * TALL, height: part * TALL }));
    for (const [name, it] of Object.entries(pipes)) it.fill(Math.max(-1, Math.min(now[name], 1)));
    for (const [name, it] of Object.entries(valves)) it.open(now[name]);
    for (const box of boxes)
      put(box, "class", box.getAttribute("data-part") === chosen ? "u-part u-current" : "u-part");
    put(cleats, "style", `stroke-dashoffset: ${-20 * t}px`);
    put(
      drawing,
      "aria-label",
      `The LSTM cell at step ${t}: input ${short(now.x)}, state before ${number(now.h0)}. The forget gate ` +
        `is open ${number(now.f)} and lets ${number(now.kept)} of the cell state ${number(now.C0)} through. ` +
        `The input gate is open ${number(now.i)} and lets ${number(now.put)} of the candidate ` +
        `${number(now.g)} in. The new cell state is ${number(now.C)}, its tanh ${number(now.tanh)}. The ` +
        `output gate is open ${number(now.o)}: the new state is ${number(now.h)}.`,
    );
  };
  return { drawing, refresh };
}

const [LEFT, RIGHT] = [40, 334];

/** The heights of one lane of the conveyor: from value to y, with its marks. */
function lane(top, bottom, low, high, marks) {
  const up = (value) => bottom - ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (bottom - top);
  const grid = marks.flatMap((value) => [
    svg("path", { d: `M${LEFT} ${up(value).toFixed(1)}H${RIGHT}`, class: "u-grid" }),
    label(LEFT - 6, up(value) + 4, short(value), "u-tick", "end"),
  ]);
  return { up, grid };
}

/** Three lanes over the same steps: the load on the belt; inputs and states; the gates. A click chooses the step. */
export function conveyor(choose) {
  const drawing = svg("svg", { viewBox: "0 0 340 328", class: "u-drawing u-conveyor", role: "img" });
  let T = 1;
  const refresh = (steps, t, pinned) => {
    T = steps.length;
    const width = (RIGHT - LEFT) / T;
    const across = (step) => LEFT + (step - 0.5) * width;
    const highest = (values) => Math.ceil(Math.max(1, ...values.map(Math.abs)) * 2) / 2;
    const range = (high, signed) => (signed ? [-high, high, [-high, 0, high]] : [0, high, [0, high]]);
    const loads = [...steps.map(({ C }) => C), ...(pinned ?? [])];
    const belt = lane(
      24,
      122,
      ...range(highest(loads), loads.some((C) => C < 0) || steps.some(({ kept }) => kept < 0)),
    );
    const states = lane(
      152,
      212,
      ...range(
        highest(steps.map(({ x }) => x)),
        steps.some(({ x, h }) => x < 0 || h < 0),
      ),
    );
    const gates = lane(242, 296, 0, 1, [0, 1]);
    const bar = ({ up }, step, from, to, className) =>
      svg("rect", {
        x: (across(step) - width * 0.36).toFixed(2),
        width: (width * 0.72).toFixed(2),
        y: Math.min(up(from), up(to)).toFixed(2),
        height: Math.max(Math.abs(up(from) - up(to)), 0.5).toFixed(2),
        class: className,
      });
    const line = ({ up }, value, className, dash) =>
      svg("path", {
        d: steps.map((step, i) => `${i ? "L" : "M"}${across(i + 1).toFixed(1)} ${up(value(step)).toFixed(1)}`).join(""),
        class: `u-wire ${className}`,
        "stroke-dasharray": dash,
      });
    const before = ({ up }) =>
      (pinned ?? []).slice(0, T).map((C, i) => {
        const [from, to] = [across(i + 1) - width / 2, across(i + 1) + width / 2].map((x) => x.toFixed(1));
        return svg("path", { d: `M${from} ${up(C).toFixed(1)}H${to}`, class: "u-wire u-pinned q-C" });
      });
    const dot = ({ up }, value, className) =>
      svg("circle", { cx: across(t), cy: up(value), r: 4.5, class: `u-dot ${className}` });
    const sample = (x, y, className, dash) =>
      svg("path", { d: `M${x} ${y - 4}h24`, class: `u-wire ${className}`, "stroke-dasharray": dash });
    const swatch = (x, y, className) => svg("rect", { x, y: y - 9, width: 12, height: 9, class: className });
    const words = (x, y, text, className) => label(x, y, text, `u-tick ${className}`, "start");
    const every = T <= 12 ? 1 : T <= 24 ? 4 : T <= 40 ? 6 : 10;
    const named = steps
      .map((_, i) => i + 1)
      .filter((step) => step === T || ((step - 1) % every === 0 && T - step >= every / 2));
    const now = steps[t - 1];
    drawing.replaceChildren(
      svg("rect", { x: LEFT + (t - 1) * width, y: 18, width, height: 284, rx: 3, class: "u-now" }),
      ...belt.grid,
      ...states.grid,
      ...gates.grid,
      ...steps.flatMap(({ C0, kept, C }, i) => [
        bar(belt, i + 1, 0, C, "u-bar q-C"),
        bar(belt, i + 1, kept, C0, "u-off q-f"),
        bar(belt, i + 1, kept, C, "u-on q-i"),
      ]),
      line(belt, ({ left }) => left, "u-rest"),
      ...before(belt),
      ...steps.map(({ x }, i) => bar(states, i + 1, 0, x, "u-bar q-x")),
      line(states, ({ h }) => h, "q-h"),
      dot(states, now.h, "q-h"),
      ...Object.entries(DASHES).flatMap(([name, dash]) => [
        line(gates, (step) => step[name], `q-${name}`, dash),
        dot(gates, now[name], `q-${name}`),
      ]),
      swatch(4, 11, "u-bar q-C"),
      words(20, 11, "on the belt", "q-C"),
      swatch(96, 11, "u-on q-i"),
      words(112, 11, "put on", "q-i"),
      swatch(162, 11, "u-off q-f"),
      words(178, 11, "taken off", "q-f"),
      sample(242, 11, "u-rest"),
      words(270, 11, "left of C₁", ""),
      swatch(44, 143, "u-bar q-x"),
      words(60, 143, "input x", "q-x"),
      sample(120, 143, "q-h"),
      words(148, 143, "state h", "q-h"),
      words(44, 233, "gates", ""),
      ...[
        ["f", 100],
        ["i", 160],
        ["o", 220],
      ].flatMap(([name, x]) => [sample(x, 233, `q-${name}`, DASHES[name]), words(x + 28, 233, name, `q-${name}`)]),
      label((LEFT + RIGHT) / 2, 324, "step t", "u-tick"),
      ...named.map((step) => label(across(step), 310, step, step === t ? "u-tick u-strong" : "u-tick")),
    );
    const list = (Cs) => Cs.map((C) => number(C, 2)).join(", ");
    const kept = pinned ? ` Pinned beside them: ${list(pinned)}.` : "";
    put(
      drawing,
      "aria-label",
      `The conveyor over ${T} steps. The cell states are ${list(steps.map(({ C }) => C))}.${kept}`,
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const step = Math.ceil((((event.clientX - box.left) / box.width) * 340 - LEFT) / ((RIGHT - LEFT) / T));
    choose(Math.min(Math.max(step, 1), T));
  });
  return { drawing, refresh };
}
