// The recurrent neuron: a number on every wire, and its state over all steps.
import { RNN } from "./cells.js";
import { sequenceControls, traitChoice, traitSlider, walk } from "./controls.js";
import { ACTIVATION_NAMES, at, html, label, math, number, put, short, svg, wire, write } from "./drawing.js";
import { picture } from "./picture.js";
import { unroll } from "./sequence.js";

const [WEIGHTS, INPUT] = [
  { min: -2, max: 2, step: 0.05 },
  { min: -1, max: 1, step: 0.05 },
];
const CONTROLS = ["w_I", "w_R", "b", "activation", "x", "t"];
const INPUTS = {
  pulse: (step) => (step === 1 ? 1 : 0),
  constant: () => 1,
  alternating: (step) => (step % 2 ? 1 : -1),
  zero: () => 0,
};
const INPUT_NAMES = {
  pulse: "one pulse",
  constant: "always 1",
  alternating: "1, −1, 1, …",
  zero: "always 0",
  own: "your own",
};
const PULSE = [1, ...Array(11).fill(0)];
const PRESETS = {
  fades: ["a pulse fades", { w_I: 1, w_R: 0.8, b: 0, activation: "tanh", x: PULSE }],
  stays: ["a pulse stays", { w_I: 1, w_R: 1.5, b: 0, activation: "tanh", x: PULSE }],
  flips: ["the sign flips", { w_I: 1, w_R: -0.8, b: 0, activation: "tanh", x: PULSE }],
  grows: ["ReLU grows", { w_I: 1, w_R: 1.2, b: 0, activation: "relu", x: PULSE }],
};

/** The states h(1) … h(T) of the neuron, and the numbers on its wires at every step. */
function run(model) {
  const [w_I, w_R, b, x] = ["w_I", "w_R", "b", "x"].map((name) => model.get(name));
  const params = { W_ih: Float64Array.of(w_I), W_hh: Float64Array.of(w_R), b: Float64Array.of(b) };
  const {
    gates: { a },
    states: { h },
  } = unroll(new RNN(model.get("activation")), params, Float64Array.from(x));
  return x.map((input, i) => ({
    input,
    before: h[i],
    fromInput: w_I * input,
    fromState: w_R * h[i],
    a: a[i],
    h: h[i + 1],
  }));
}

function measures(model, steps) {
  const h = steps.map((step) => step.h);
  return {
    w_I: model.get("w_I"),
    w_R: model.get("w_R"),
    b: model.get("b"),
    T: h.length,
    ...Object.fromEntries(h.map((value, i) => [`h${i + 1}`, value])),
    h_last: h.at(-1),
    h_max: Math.max(...h.map(Math.abs)),
  };
}

/** The neuron with a number on every wire, for one step. */
function diagram(model) {
  const text = {};
  const place = (name, ...where) => (text[name] = label(...where));
  const drawing = svg(
    "svg",
    { viewBox: "0 0 340 236", class: "u-drawing", role: "img" },
    wire(
      [
        [44, 142],
        [149, 142],
      ],
      "q-x",
    ),
    wire(
      [
        [168, 208],
        [168, 162],
      ],
      "u-ink",
    ),
    wire(
      [
        [187, 142],
        [222, 142],
      ],
      "u-ink",
    ),
    wire(
      [
        [264, 142],
        [328, 142],
      ],
      "q-h",
    ),
    wire(
      [
        [288, 142],
        [288, 30],
        [168, 30],
        [168, 122],
      ],
      "q-h u-loop",
    ),
    svg("circle", { cx: 168, cy: 142, r: 18, class: "u-box" }),
    label(168, 148, "Σ", "u-sign"),
    svg("rect", { x: 223, y: 124, width: 40, height: 36, rx: 7, class: "u-box" }),
    place("g", 243, 147, "", "u-name"),
    place("x", 6, 134, "", "q-x", "start"),
    place("xValue", 6, 160, "", "q-x u-value", "start"),
    place("w_I", 96, 134, "", "u-weight"),
    place("fromInput", 96, 160, "", "u-value"),
    place("before", 228, 22, "", "q-h"),
    place("beforeValue", 228, 47, "", "q-h u-value"),
    place("w_R", 160, 78, "", "u-weight", "end"),
    place("fromState", 160, 98, "", "u-value", "end"),
    place("b", 168, 226, "", "u-weight"),
    place("a", 205, 176, "", "u-value"),
    place("h", 310, 134, "", "q-h"),
    place("hValue", 310, 160, "", "q-h u-value"),
    label(228, 74, "one step later", "u-note"),
  );
  const refresh = (steps, t) => {
    const { input, before, fromInput, fromState, a, h } = steps[t - 1];
    const words = {
      g: ACTIVATION_NAMES[model.get("activation")],
      x: at("x", t),
      xValue: number(input),
      w_I: `× w_I = ${short(model.get("w_I"))}`,
      fromInput: number(fromInput),
      before: at("h", t - 1),
      beforeValue: number(before),
      w_R: `× w_R = ${short(model.get("w_R"))}`,
      fromState: number(fromState),
      b: `+ b = ${short(model.get("b"))}`,
      a: number(a),
      h: at("h", t),
      hValue: number(h),
    };
    for (const [name, word] of Object.entries(words)) math(text[name], word);
    const said =
      `The neuron at step ${t}: the input ${short(input)} times w_I ${short(model.get("w_I"))}, plus the ` +
      `state before, ${number(before)}, times w_R ${short(model.get("w_R"))}, plus b ` +
      `${short(model.get("b"))} is ${number(a)}; ${words.g} makes it the new state ${number(h)}.`;
    put(drawing, "aria-label", said);
  };
  return { drawing, refresh };
}

/** Inputs and states over all steps. A click chooses the step. */
function plot(model, choose) {
  const [left, right, top, bottom] = [40, 334, 30, 200];
  const drawing = svg("svg", { viewBox: "0 0 340 236", class: "u-drawing", role: "img" });
  const refresh = (steps, t, pinned) => {
    const T = steps.length;
    const drawn = [...steps.flatMap(({ h, input }) => [h, input]), ...(pinned ?? [])];
    const largest = Math.max(1, ...drawn.map(Math.abs));
    const signed = drawn.some((value) => value < 0);
    const high = Number.isFinite(largest) ? largest : 1;
    const low = signed ? -high : 0;
    const width = (right - left) / T;
    const across = (step) => left + (step - 0.5) * width;
    const up = (value) => bottom - ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (bottom - top);
    const ticks = signed ? [-high, 0, high] : [0, high / 2, high];
    const every = T <= 10 ? 1 : T <= 20 ? 3 : 5;
    const named = steps
      .map((_, i) => i + 1)
      .filter((step) => step === T || ((step - 1) % every === 0 && T - step >= every / 2));
    const curve = (hs) => hs.map((h, i) => `${i ? "L" : "M"}${across(i + 1).toFixed(1)} ${up(h).toFixed(1)}`).join("");
    const line = curve(steps.map(({ h }) => h));
    const before = pinned
      ? [
          svg("path", { d: curve(pinned.slice(0, T)), class: "u-wire u-pinned q-h" }),
          svg("path", { d: `M${left + 166} 7h18`, class: "u-wire u-pinned q-h" }),
          label(left + 188, 11, "pinned", "u-tick", "start"),
        ]
      : [];
    const list = (hs) => hs.map((h) => number(h, 2)).join(", ");
    const kept = pinned ? ` Pinned beside them: ${list(pinned)}.` : "";
    put(
      drawing,
      "aria-label",
      `Inputs and states over ${T} steps. The states are ${list(steps.map(({ h }) => h))}.${kept}`,
    );
    drawing.replaceChildren(
      svg("rect", { x: left + (t - 1) * width, y: top - 6, width, height: bottom - top + 12, rx: 4, class: "u-now" }),
      ...ticks.flatMap((value) => [
        svg("path", { d: `M${left} ${up(value)}H${right}`, class: "u-grid" }),
        label(left - 6, up(value) + 4, short(value), "u-tick", "end"),
      ]),
      ...named.map((step) => label(across(step), bottom + 20, step, step === t ? "u-tick u-strong" : "u-tick")),
      ...steps.map(({ input }, i) => {
        const [y, zero] = [up(input), up(0)];
        const size = { y: Math.min(y, zero), height: Math.max(Math.abs(y - zero), 0.5) };
        return svg("rect", { x: across(i + 1) - width * 0.3, width: width * 0.6, ...size, class: "u-bar q-x" });
      }),
      ...before,
      svg("path", { d: line, class: "u-wire q-h" }),
      ...steps.map(({ h }, i) =>
        svg("circle", { cx: across(i + 1), cy: up(h), r: i + 1 === t ? 5.5 : T > 16 ? 2.5 : 3.5, class: "u-dot q-h" }),
      ),
      label((left + right) / 2, 234, "step t", "u-tick"),
      svg("rect", { x: left + 4, y: 2, width: 12, height: 9, class: "u-bar q-x" }),
      label(left + 20, 11, "input x", "u-tick q-x", "start"),
      svg("path", { d: `M${left + 76} 7h18`, class: "u-wire q-h" }),
      label(left + 98, 11, "state h", "u-tick q-h", "start"),
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const T = model.get("x").length;
    const step = Math.ceil((((event.clientX - box.left) / box.width) * 340 - left) / ((right - left) / T));
    choose(Math.min(Math.max(step, 1), T));
  });
  return { drawing, refresh };
}

function render({ model, el }) {
  const now = () => model.get("t");
  const neuron = diagram(model);
  const states = plot(model, (t) => write(model, { t }));
  const sum = html("p", { class: "u-equation" });
  const inputs = { rules: INPUTS, names: INPUT_NAMES, menu: "inputs", range: INPUT, className: "q-x" };
  const x = sequenceControls(model, { x: inputs }, { most: 28 });

  const draw = ({ pinned }) => {
    if (now() > model.get("x").length) return null; // x became shorter, t follows at once
    const steps = run(model);
    neuron.refresh(steps, now());
    states.refresh(steps, now(), pinned);
    x.entries.x.name(`input ${at("x", now())}`);
    const { input, before, a, h } = steps[now() - 1];
    const g = ACTIVATION_NAMES[model.get("activation")];
    const [w_I, w_R, b] = ["w_I", "w_R", "b"].map((name) => short(model.get(name)));
    const terms = `${w_I} · ${short(input)} + ${w_R} · ${number(before)} + ${b}`;
    put(sum, "text", `${at("h", now())} = ${g}(${terms}) = ${g}(${number(a)}) = ${number(h)}`);
    const said = `Step ${now()}: state ${number(h)}. After the last step: ${number(steps.at(-1).h)}.`;
    return { measures: measures(model, steps), said };
  };

  return picture(el, {
    model,
    name: "neuron",
    title: "the recurrent neuron",
    traits: CONTROLS,
    draw,
    together: true,
    presets: PRESETS,
    body: [html("div", { class: "u-panels" }, neuron.drawing, states.drawing), sum],
    controls: [
      ...["w_I", "w_R", "b"].map((name) => traitSlider(model, name, name, WEIGHTS)),
      traitChoice(model, "activation", "g", ACTIVATION_NAMES),
      x.menus.x,
      x.length,
      x.entries.x,
    ],
    walking: walk(model, 900),
    pin: () => run(model).map(({ h }) => h),
  });
}

export default { render };
