// The shapes of all arrays of a forward pass: each array as a box with its sizes.
import { traitChoice, traitSlider } from "./controls.js";
import { html, label, put, svg } from "./drawing.js";
import { picture } from "./picture.js";

const LARGEST = { T: 100, B: 200, D: 200, H: 200, V: 100, layers: 3 };
const MEANING = { T: "steps T", B: "sequences B", D: "inputs D", H: "units H", V: "outputs V", layers: "layers" };
const CONTROLS = [...Object.keys(LARGEST), "bidirectional", "library"];
const LIBRARIES = { book: "this book", pytorch: "PyTorch", batch_first: "PyTorch, batch_first", keras: "Keras" };
const DIRECTIONS = [
  { one: "one", both: "both" },
  { one: false, both: true },
]; // names, and what the trait holds
const [WIDE, HIGH] = [118, 83]; // of the drawing of one array: room for the largest, so that nothing moves

/** The length of an edge. Logarithmic, so that 1 and 200 can both be seen. */
const edge = (n) => 12 + 3.8 * Math.log2(n);
const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

/** What each library calls its arrays. n: the layer, from 1. */
const NAMES = {
  book: {
    xs: () => "xs",
    W_ih: () => "W_ih",
    W_hh: () => "W_hh",
    b: () => "b",
    ys: () => "ys",
    W_hy: "W_hy",
    b_y: "b_y",
    h_n: "state.h",
  },
  pytorch: {
    xs: () => "input",
    W_ih: (n) => `weight_ih_l${n - 1}`,
    W_hh: (n) => `weight_hh_l${n - 1}`,
    b: (n) => `bias_…_l${n - 1}`,
    ys: (n, top) => (n === top ? "output" : "inside"),
    W_hy: "weight",
    b_y: "bias",
    h_n: "h_n",
  },
  keras: {
    xs: () => "inputs",
    W_ih: () => "kernel",
    W_hh: () => "recurrent_kernel",
    b: () => "bias",
    ys: () => "outputs",
    W_hy: "kernel",
    b_y: "bias",
    h_n: "states",
  },
};

/** Every array of the network, in rows. axes: [letter, size] in the library's order; drawn: [rows, columns, depth]. */
function arrays(s) {
  const [torch, first] = [
    s.library === "pytorch" || s.library === "batch_first",
    s.library === "batch_first" || s.library === "keras",
  ];
  const names = NAMES[torch ? "pytorch" : s.library];
  const directions = s.bidirectional ? 2 : 1;
  const [T, B, D, H, V] = ["T", "B", "D", "H", "V"].map((letter) => [letter, s[letter]]);
  const both = s.bidirectional ? ["2H", 2 * s.H] : H;
  const block = (id, name, feature, colour) => ({
    id,
    name,
    colour,
    axes: first ? [B, T, feature] : [T, B, feature],
    drawn: [B, feature, T],
    copies: 1,
  });
  const matrix = (id, name, from, to, copies) => {
    const axes = torch ? [to, from] : [from, to];
    return { id, name, axes, drawn: axes, copies, learned: true };
  };
  const vector = (id, name, to, copies) => ({ id, name, axes: [to], drawn: [["", 1], to], copies, learned: true });
  const states = s.layers * directions;
  const state = torch
    ? {
        id: "h_n",
        name: names.h_n,
        colour: "h",
        axes: [["states", states], B, H],
        drawn: [B, H, ["", states]],
        copies: 1,
      }
    : { id: "h_n", name: names.h_n, colour: "h", axes: [B, H], drawn: [B, H], copies: states };
  const rows = [["What goes in, and the state that is handed on", [block("xs", names.xs(), D, "x"), state]]];
  for (let n = 1; n <= s.layers; n += 1) {
    const own = [
      matrix(`W_ih${n}`, names.W_ih(n), n === 1 ? D : both, H, directions),
      matrix(`W_hh${n}`, names.W_hh(n), H, H, directions),
      vector(`b${n}`, names.b(n), H, directions * (torch ? 2 : 1)),
      block(`ys${n}`, names.ys(n, s.layers), both, "h"),
    ];
    rows.push([`Layer ${n}${n > 1 ? `: its input is what layer ${n - 1} gave` : ""}`, own]);
  }
  rows.push([
    "Readout",
    [matrix("W_hy", names.W_hy, both, V, 1), vector("b_y", names.b_y, V, 1), block("logits", "logits", V, "y")],
  ]);
  for (const [, own] of rows) for (const a of own) a.numbers = a.copies * product(a.axes.map(([, size]) => size));
  return rows;
}

function measures(s, rows) {
  const every = rows.flatMap(([, own]) => own);
  const numbers = Object.fromEntries(every.map(({ id, numbers: n }) => [id, n]));
  const parameters = every.filter(({ learned }) => learned).reduce((sum, a) => sum + a.numbers, 0);
  const sizes = Object.fromEntries(Object.keys(LARGEST).map((name) => [name, s[name]]));
  return { ...sizes, directions: s.bidirectional ? 2 : 1, ...numbers, parameters };
}

/** An array as a rectangle, or as a block when it has a third axis, each edge with its letter. */
function box({ name, axes, drawn, copies, colour }) {
  const [[rowLetter, rows], [columnLetter, columns], [depthLetter, depth] = ["", 0]] = drawn;
  const [w, h, d] = [edge(columns), edge(rows), depth ? edge(depth) : 0];
  const [dx, dy] = [d * 0.5, d * 0.42];
  const shift = copies > 1 ? 5 : 0;
  const [x, y] = [(WIDE - w - dx - shift) / 2 + 4, HIGH - 20 - h];
  const parts = [];
  if (copies > 1) parts.push(svg("rect", { x: x + shift, y: y - shift, width: w, height: h, class: "u-face" }));
  parts.push(svg("rect", { x, y, width: w, height: h, class: "u-face u-front" }));
  if (depth) {
    parts.push(
      svg("path", { class: "u-face", d: `M${x} ${y}l${dx} ${-dy}h${w}l${-dx} ${dy}z` }),
      svg("path", { class: "u-face", d: `M${x + w} ${y}l${dx} ${-dy}v${h}l${-dx} ${dy}z` }),
    );
    parts.push(label(x + dx / 2 - 6, y - dy / 2 - 2, depthLetter, "u-axis", "end"));
  }
  parts.push(
    label(x + w / 2, y + h + 14, columnLetter, "u-axis"),
    label(x - 5, y + h / 2 + 4, rowLetter, "u-axis", "end"),
  );
  const words =
    `${name}: ` +
    `${copies > 1 ? `${copies} arrays of ` : ""}${axes.map(([letter, size]) => `${letter} ${size}`).join(" by ")}`;
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDE} ${HIGH}`,
      class: `u-drawing ${colour ? `q-${colour}` : "u-ink"}`,
      role: "img",
      "aria-label": words,
    },
    ...parts,
  );
}

function card(a, changed) {
  const tuple = (of) => `(${of.join(", ")}${of.length === 1 ? "," : ""})`;
  const times = a.copies > 1 ? `${a.copies} × ` : "";
  return html(
    "div",
    { class: `u-array${changed ? " u-changed" : ""}`, "data-array": a.id },
    box(a),
    html("p", {}, html("code", {}, a.name)),
    html("p", {}, `${times}${tuple(a.axes.map(([letter]) => letter))}`),
    html("p", {}, `${times}${tuple(a.axes.map(([, size]) => size))}`),
    html("p", { class: "u-caption" }, `${count(a.numbers)} ${a.learned ? "to learn" : "values"}`),
  );
}

/** Where the numbers to learn stand, as a sum. */
function sum(s, m) {
  const layers = Array.from(
    { length: s.layers },
    (_, i) => `${count(m[`W_ih${i + 1}`] + m[`W_hh${i + 1}`] + m[`b${i + 1}`])} in layer ${i + 1}`,
  );
  return (
    `${count(m.parameters)} numbers to learn: ${layers.join(", ")}, ${count(m.W_hy + m.b_y)} in the readout. ` +
    "None of them depends on T or B."
  );
}

const shown = (name, s) =>
  name === "library" ? LIBRARIES[s.library] : name === "bidirectional" ? (s.bidirectional ? "both" : "one") : s[name];
const WORDS = { ...MEANING, bidirectional: "the directions", library: "the library" };

/** What the last control changed, in words. */
function news(name, before, s, ids, shapes) {
  if (!name) return "Move a slider. What it changes gets a frame.";
  if (shown(name, before) === shown(name, s)) return `Back where it was: ${WORDS[name]} ${shown(name, s)}.`;
  const learned = ids.filter((id) => /^[Wb]/.test(id));
  const own = ids.map((id) => shapes[id]);
  const end = learned.length ? "" : " The weights stay as they are.";
  return (
    `${WORDS[name]}: from ${shown(name, before)} to ${shown(name, s)}. ` +
    `${own.length ? `Changed: ${own.join(", ")}.` : "No shape changes."}${end}`
  );
}

function render({ model, el }) {
  const settings = () => Object.fromEntries(CONTROLS.map((name) => [name, model.get(name)]));
  const [stage, total] = [html("div", { class: "u-arrays" }), html("p", { class: "u-equation" })];
  const said = html("p", { class: "u-news" });

  let [base, last, moved] = [settings(), settings(), null];
  const draw = () => {
    const s = settings();
    const name = CONTROLS.find((control) => s[control] !== last[control]);
    if (name && name !== moved) [base, moved] = [last, name];
    last = s;
    const rows = arrays(s);
    const keys = (of) =>
      Object.fromEntries(of.flatMap(([, own]) => own).map((a) => [a.id, JSON.stringify([a.axes, a.copies])]));
    const [was, is] = [keys(arrays(base)), keys(rows)];
    const changed = Object.keys(is).filter((id) => is[id] !== was[id]);
    const alike = s.layers > 1 && (s.library === "book" || s.library === "keras"); // the same name in every layer
    const called = (a) => (alike && /\d$/.test(a.id) ? `${a.name} of layer ${a.id.at(-1)}` : a.name);
    const names = Object.fromEntries(rows.flatMap(([, own]) => own).map((a) => [a.id, called(a)]));
    stage.replaceChildren(
      ...rows.map(([title, own]) =>
        html(
          "div",
          { class: "u-row" },
          html("p", { class: "u-caption" }, title),
          ...own.map((a) => card(a, changed.includes(a.id))),
        ),
      ),
    );
    const m = measures(s, rows);
    put(total, "text", sum(s, m));
    put(said, "text", news(moved, base, s, changed, names));
    return { measures: m, said: `${news(moved, base, s, changed, names)} ${count(m.parameters)} numbers to learn.` };
  };

  const restarted = () => ([base, last, moved] = [settings(), settings(), null]);
  return picture(el, {
    model,
    restarted,
    name: "shapes",
    title: "the shapes of all arrays",
    traits: CONTROLS,
    draw,
    controls: [
      ...Object.entries(LARGEST).map(([name, max]) =>
        traitSlider(model, name, MEANING[name], { min: 1, max, step: 1 }),
      ),
      traitChoice(model, "bidirectional", "directions", ...DIRECTIONS),
      traitChoice(model, "library", "axes as in", LIBRARIES),
    ],
    layout: ({ panel }) => [panel, said, stage, total],
  });
}

export default { render };
