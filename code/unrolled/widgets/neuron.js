import { RNN } from "./cells.js";
import { ACTIVATION_NAMES, announcer, at, choice, follow, html, label, math, number, put, short, slider, svg, traitSlider, walk, wire, write } from "./drawing.js";
import { unroll } from "./sequence.js";

const WEIGHTS = { min: -2, max: 2, step: 0.05 };
const CONTROLS = ["w_I", "w_R", "b", "activation", "x", "t"];
const INPUTS = {
  pulse: (step) => (step === 1 ? 1 : 0),
  constant: () => 1,
  alternating: (step) => (step % 2 ? 1 : -1),
  zero: () => 0,
};
const INPUT_NAMES = { pulse: "one pulse", constant: "always 1", alternating: "1, −1, 1, …", zero: "always 0", own: "your own" };

/** The states h(1) … h(T) of the neuron, and the numbers on its wires at every step. */
function run(model) {
  const [w_I, w_R, b, x] = ["w_I", "w_R", "b", "x"].map((name) => model.get(name));
  const params = { W_ih: Float64Array.of(w_I), W_hh: Float64Array.of(w_R), b: Float64Array.of(b) };
  const { gates: { a }, states: { h } } = unroll(new RNN(model.get("activation")), params, Float64Array.from(x));
  return x.map((input, i) => ({ input, before: h[i], fromInput: w_I * input, fromState: w_R * h[i], a: a[i], h: h[i + 1] }));
}

function measures(model, steps) {
  const h = steps.map((step) => step.h);
  return {
    w_I: model.get("w_I"), w_R: model.get("w_R"), b: model.get("b"), T: h.length,
    ...Object.fromEntries(h.map((value, i) => [`h${i + 1}`, value])),
    h_last: h.at(-1), h_max: Math.max(...h.map(Math.abs)),
  };
}

function inputName(x) {
  return Object.keys(INPUTS).find((name) => x.every((value, i) => value === INPUTS[name](i + 1))) ?? "own";
}

/** The neuron with a number on every wire, for one step. */
function diagram(model) {
  const text = {};
  const place = (name, ...where) => (text[name] = label(...where));
  const drawing = svg(
    "svg", { viewBox: "0 0 340 236", class: "u-drawing", role: "img" },
    wire([[44, 142], [149, 142]], "q-x"), wire([[168, 208], [168, 162]], "u-ink"),
    wire([[187, 142], [222, 142]], "u-ink"), wire([[264, 142], [328, 142]], "q-h"),
    wire([[288, 142], [288, 30], [168, 30], [168, 122]], "q-h u-loop"),
    svg("circle", { cx: 168, cy: 142, r: 18, class: "u-box" }), label(168, 148, "Σ", "u-sign"),
    svg("rect", { x: 223, y: 124, width: 40, height: 36, rx: 7, class: "u-box" }),
    place("g", 243, 147, "", "u-name"),
    place("x", 6, 134, "", "q-x", "start"), place("xValue", 6, 160, "", "q-x u-value", "start"),
    place("w_I", 96, 134, "", "u-weight"), place("fromInput", 96, 160, "", "u-value"),
    place("before", 228, 22, "", "q-h"), place("beforeValue", 228, 47, "", "q-h u-value"),
    place("w_R", 160, 78, "", "u-weight", "end"), place("fromState", 160, 98, "", "u-value", "end"),
    place("b", 168, 226, "", "u-weight"), place("a", 205, 176, "", "u-value"),
    place("h", 310, 134, "", "q-h"), place("hValue", 310, 160, "", "q-h u-value"),
    label(228, 74, "one step later", "u-note"),
  );
  const refresh = (steps, t) => {
    const { input, before, fromInput, fromState, a, h } = steps[t - 1];
    const words = {
      g: ACTIVATION_NAMES[model.get("activation")], x: at("x", t), xValue: number(input),
      w_I: `× w_I = ${short(model.get("w_I"))}`, fromInput: number(fromInput),
      before: at("h", t - 1), beforeValue: number(before),
      w_R: `× w_R = ${short(model.get("w_R"))}`, fromState: number(fromState),
      b: `+ b = ${short(model.get("b"))}`, a: number(a), h: at("h", t), hValue: number(h),
    };
    for (const [name, word] of Object.entries(words)) math(text[name], word);
    const said = `The neuron at step ${t}: the input ${short(input)} times w_I ${short(model.get("w_I"))}, plus the state before, ${number(before)}, times w_R ${short(model.get("w_R"))}, plus b ${short(model.get("b"))} is ${number(a)}; ${words.g} makes it the new state ${number(h)}.`;
    put(drawing, "aria-label", said);
  };
  return { drawing, refresh };
}

/** Inputs and states over all steps. A click chooses the step. */
function plot(model, choose) {
  const [left, right, top, bottom] = [40, 334, 30, 200];
  const drawing = svg("svg", { viewBox: "0 0 340 236", class: "u-drawing", role: "img" });
  const refresh = (steps, t) => {
    const T = steps.length;
    const largest = Math.max(1, ...steps.map(({ h, input }) => Math.max(Math.abs(h), Math.abs(input))));
    const signed = steps.some(({ h, input }) => h < 0 || input < 0);
    const high = Number.isFinite(largest) ? largest : 1;
    const low = signed ? -high : 0;
    const width = (right - left) / T;
    const across = (step) => left + (step - 0.5) * width;
    const up = (value) => bottom - ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (bottom - top);
    const ticks = signed ? [-high, 0, high] : [0, high / 2, high];
    const every = T <= 10 ? 1 : T <= 20 ? 3 : 5;
    const named = steps.map((_, i) => i + 1).filter((step) => step === T || ((step - 1) % every === 0 && T - step >= every / 2));
    const line = steps.map(({ h }, i) => `${i ? "L" : "M"}${across(i + 1).toFixed(1)} ${up(h).toFixed(1)}`).join("");
    const said = `Inputs and states over ${T} steps. The states are ${steps.map(({ h }) => number(h, 2)).join(", ")}.`;
    put(drawing, "aria-label", said);
    drawing.replaceChildren(
      svg("rect", { x: left + (t - 1) * width, y: top - 6, width, height: bottom - top + 12, rx: 4, class: "u-now" }),
      ...ticks.flatMap((value) => [
        svg("path", { d: `M${left} ${up(value)}H${right}`, class: "u-grid" }), label(left - 6, up(value) + 4, short(value), "u-tick", "end"),
      ]),
      ...named.map((step) => label(across(step), bottom + 20, step, step === t ? "u-tick u-strong" : "u-tick")),
      ...steps.map(({ input }, i) => {
        const [y, zero] = [up(input), up(0)];
        const size = { y: Math.min(y, zero), height: Math.max(Math.abs(y - zero), 0.5) };
        return svg("rect", { x: across(i + 1) - width * 0.3, width: width * 0.6, ...size, class: "u-bar q-x" });
      }),
      svg("path", { d: line, class: "u-wire q-h" }),
      ...steps.map(({ h }, i) => svg("circle", { cx: across(i + 1), cy: up(h), r: i + 1 === t ? 5.5 : T > 16 ? 2.5 : 3.5, class: "u-dot q-h" })),
      label((left + right) / 2, 234, "step t", "u-tick"),
      svg("rect", { x: left + 4, y: 2, width: 12, height: 9, class: "u-bar q-x" }), label(left + 20, 11, "input x", "u-tick q-x", "start"),
      svg("path", { d: `M${left + 76} 7h18`, class: "u-wire q-h" }), label(left + 98, 11, "state h", "u-tick q-h", "start"),
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
  const choose = (t) => write(model, { t });
  const neuron = diagram(model);
  const states = plot(model, choose);
  const sum = html("p", { class: "u-equation" });
  const spoken = announcer();

  const inputAt = (value) => write(model, { x: model.get("x").map((old, i) => (i === now() - 1 ? value : old)) });
  const fill = (name) => INPUTS[name] && write(model, { x: model.get("x").map((_, i) => INPUTS[name](i + 1)) });
  const lengthen = (T) => {
    const [x, rule] = [model.get("x"), INPUTS[inputName(model.get("x"))]];
    const longer = Array.from({ length: T }, (_, i) => x[i] ?? (rule ? rule(i + 1) : 0));
    write(model, { t: Math.min(now(), T), x: longer });
  };
  const controls = [
    traitSlider(model, "w_I", "w_I", WEIGHTS), traitSlider(model, "w_R", "w_R", WEIGHTS), traitSlider(model, "b", "b", WEIGHTS),
    choice("g", ACTIVATION_NAMES, { read: () => model.get("activation"), onvalue: (value) => write(model, { activation: value }) }),
    choice("inputs", INPUT_NAMES, { read: () => inputName(model.get("x")), onvalue: fill }),
    slider("steps T", { min: 1, max: 28, step: 1, read: () => model.get("x").length, onvalue: lengthen }),
    slider("x", { min: -1, max: 1, step: 0.05, className: "q-x", read: () => model.get("x")[now() - 1], onvalue: inputAt }),
  ];

  const walking = walk(model, 900);

  const unfollow = follow(model, CONTROLS, () => {
    if (now() > model.get("x").length) return; // x became shorter, t follows at once
    const steps = run(model);
    neuron.refresh(steps, now());
    states.refresh(steps, now());
    controls.at(-1).name(`input ${at("x", now())}`);
    for (const control of controls) control.refresh();
    const { input, before, a, h } = steps[now() - 1];
    const g = ACTIVATION_NAMES[model.get("activation")];
    const terms = `${short(model.get("w_I"))} · ${short(input)} + ${short(model.get("w_R"))} · ${number(before)} + ${short(model.get("b"))}`;
    put(sum, "text", `${at("h", now())} = ${g}(${terms}) = ${g}(${number(a)}) = ${number(h)}`);
    spoken.say(`Step ${now()}: state ${number(h)}. After the last step: ${number(steps.at(-1).h)}.`);
    walking.refresh();
    write(model, { measures: measures(model, steps) });
  });

  el.replaceChildren(
    html(
      "div", { class: "u-picture u-neuron", role: "group", "aria-label": "Living picture: the recurrent neuron" },
      html("div", { class: "u-panels" }, neuron.drawing, states.drawing), sum,
      html("div", { class: "u-controls" }, html("div", { class: "u-buttons" }, walking.back, walking.on, walking.play), ...controls), spoken.line,
    ),
  );
  return () => {
    unfollow();
    spoken.stop();
    walking.stop();
  };
}

export default { render };
