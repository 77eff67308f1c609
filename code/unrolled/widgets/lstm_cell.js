import { LSTM } from "./cells.js";
import { announcer, button, choice, follow, foot, html, number, put, short, slider, traitSlider, walk, write } from "./drawing.js";
import { conveyor, machine, PARTS } from "./lstm_drawing.js";
import { bptt, unroll } from "./sequence.js";

const NAMES = { f: "forget gate", i: "input gate", g: "candidate", o: "output gate" };
const RANGE = { min: -12, max: 12, step: 0.1 };
const weights = (part) => [`w_x${part}`, `w_h${part}`, `b_${part}`];
const WEIGHTS = Object.keys(PARTS).flatMap(weights);
const INPUTS = {
  pulse: (step) => (step === 1 ? 1 : 0),
  noise: (step) => (step === 1 ? 1 : Math.round(3 * Math.sin(5 * step * step)) / 10 + 0), // + 0: never −0
  bits: (step) => [1, 0, 0, 1, 0, 1, 1, 0][(step - 1) % 8],
  signs: (step) => (step % 6 === 1 ? (step % 12 === 1 ? 1 : -1) : 0),
  zero: () => 0,
};
const INPUT_NAMES = { pulse: "one pulse", noise: "a pulse, then noise", bits: "bits, 1 and 0", signs: "pulses, 1 and −1", zero: "always 0", own: "your own" };

/** Every number in the cell, one entry per step. left: what the belt still holds of C₁; d_C: dC/dC₁, all ways counted. */
function run(model) {
  const w = Object.fromEntries(WEIGHTS.map((name) => [name, model.get(name)]));
  const x = model.get("x");
  const cell = new LSTM();
  const row = (name) => Float64Array.from(cell.gates, (part) => w[`${name}${part}`]);
  const params = { W_ih: row("w_x"), W_hh: row("w_h"), b: row("b_") };
  const { gates, states } = unroll(cell, params, Float64Array.from(x));
  const owed = owes(cell, params, x);
  let kept1 = 1;
  return x.map((input, t) => {
    const [h0, h, C0, C] = [...states.h.subarray(t, t + 2), ...states.c.subarray(t, t + 2)];
    const a = Object.fromEntries(cell.gates.map((part) => [part, w[`w_x${part}`] * input + w[`w_h${part}`] * h0 + w[`b_${part}`]]));
    const [i, f, g, o] = cell.gates.map((part) => gates[part][t]);
    if (t > 0) kept1 *= f;
    const step = { x: input, h0, C0, a, i, f, g, o, kept: f * C0, put: i * g, C, tanh: Math.tanh(C), h };
    return { ...step, part: kept1, left: kept1 * states.c[1], d_C: owed[t] };
  });
}

/** dC/dC₁ at every step: the same sequence as often as it has steps, cut off after 1, 2, …, T, is read back from C. What
 * the later steps owe to h₁ is owed to C₁ too. */
function owes(cell, params, x) {
  const T = x.length;
  const xs = Float64Array.from({ length: T * T }, (_, q) => x[Math.floor(q / T)]);
  const read = unroll(cell, params, xs, null, { B: T, lengths: x.map((_, t) => t + 1) });
  const { d_states } = bptt(read, new Float64Array(T * T), { h: new Float64Array(T), c: new Float64Array(T).fill(1) });
  const [o, tanh] = [read.gates.o[0], Math.tanh(read.states.c[T])];
  return x.map((_, t) => d_states.c[T + t] + d_states.h[T + t] * o * (1 - tanh * tanh));
}

function measures(model, steps) {
  const last = steps.at(-1);
  return {
    ...Object.fromEntries(WEIGHTS.map((name) => [name, model.get(name)])), T: steps.length,
    ...Object.fromEntries(steps.flatMap((step, t) => ["C", "h", "f", "i", "o", "g"].map((name) => [`${name}${t + 1}`, step[name]]))),
    C_last: last.C, h_last: last.h, C_change: last.C - steps[0].C, kept: last.part, d_C: last.d_C,
  };
}

function inputName(x) {
  return Object.keys(INPUTS).find((name) => x.every((value, i) => value === INPUTS[name](i + 1))) ?? "own";
}

/** Write an equation; a letter with its step wears its colour. */
function equation(line, words) {
  if (line.words === words) return;
  line.words = words;
  const names = { "C̃": "g" };
  line.replaceChildren(...words.split(/(C̃[₀-₉]+|[fiohxC][₀-₉]+)/).map((piece, i) => {
    const letter = piece.replace(/[₀-₉]+/, "");
    return i % 2 ? html("span", { class: `q-${names[letter] ?? letter}` }, piece) : piece;
  }));
}

/** The equations of one step with their numbers: of the chosen gate, of the cell state, of the state. */
function equations(model, steps, t) {
  const [now, part, at] = [steps[t - 1], model.get("gate"), (letter) => foot(letter, t)];
  const [wx, wh, b] = weights(part).map((name) => short(model.get(name)));
  const g = part === "g" ? "tanh" : "σ";
  return [
    `${at(PARTS[part])} = ${g}(${wx} · ${short(now.x)} + ${wh} · ${number(now.h0)} + ${b}) = ${g}(${number(now.a[part])}) = ${number(now[part])}`,
    `${at("C")} = ${at("f")} ${foot("C", t - 1)} + ${at("i")} ${at("C̃")} = ${number(now.f)} · ${number(now.C0)} + ${number(now.i)} · ${number(now.g)} = ${number(now.C)}`,
    `${at("h")} = ${at("o")} tanh(${at("C")}) = ${number(now.o)} · ${number(now.tanh)} = ${number(now.h)}`,
  ];
}

/** A number with powers of ten where it is small: 4.2e-5 is not nothing. */
function fine(value) {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1).replaceAll("-", "−") : number(value);
}

/** What the last cell state still owes to the first one. */
function memory(steps) {
  const [T, { part, d_C }] = [steps.length, steps.at(-1)];
  const product = T <= 4 ? steps.slice(1).map((_, i) => foot("f", i + 2)).join(" ") : `f₂ f₃ … ${foot("f", T)}`;
  return [
    `Of C₁ still on the belt at step ${T}: ${T === 1 ? "all of it" : `${product} = ${fine(part)}`}`,
    `Counting the ways through h as well: d${foot("C", T)}/dC₁ = ${fine(d_C)}`,
  ];
}

function render({ model, el }) {
  const now = () => model.get("t");
  const choose = (t) => write(model, { t });
  const chooseGate = (gate) => write(model, { gate });
  const cell = machine(chooseGate);
  const belt = conveyor(choose);
  const lines = Array.from({ length: 5 }, () => html("p", { class: "u-equation" }));
  const spoken = announcer();

  const gates = Object.entries(NAMES).map(([part, name]) => button(`${name} ${PARTS[part]}`, () => chooseGate(part), { "data-gate": part }));
  const sliders = Object.keys(NAMES).flatMap((part) => weights(part).map((name) => {
    const row = traitSlider(model, name, name, RANGE);
    row.gate = part;
    return row;
  }));
  const inputAt = (value) => write(model, { x: model.get("x").map((old, i) => (i === now() - 1 ? value : old)) });
  const fill = (name) => INPUTS[name] && write(model, { x: model.get("x").map((_, i) => INPUTS[name](i + 1)) });
  const lengthen = (T) => {
    const [x, rule] = [model.get("x"), INPUTS[inputName(model.get("x"))]];
    const longer = Array.from({ length: T }, (_, i) => x[i] ?? (rule ? rule(i + 1) : 0));
    write(model, { t: Math.min(now(), T), x: longer });
  };
  const atStep = slider("step t", { min: 1, max: model.get("x").length, step: 1, read: now, onvalue: choose });
  const input = slider("x", { min: -1, max: 1, step: 0.1, className: "q-x", read: () => model.get("x")[now() - 1], onvalue: inputAt });
  const others = [
    choice("inputs", INPUT_NAMES, { read: () => inputName(model.get("x")), onvalue: fill }),
    slider("steps T", { min: 1, max: 60, step: 1, read: () => model.get("x").length, onvalue: lengthen }),
    atStep, input,
  ];

  const walking = walk(model, 700);

  const unfollow = follow(model, [...WEIGHTS, "gate", "x", "t"], () => {
    const [t, T, gate] = [now(), model.get("x").length, model.get("gate")];
    if (t > T) return; // x became shorter, t follows at once
    const steps = run(model);
    cell.refresh(steps, t, gate);
    belt.refresh(steps, t);
    [...equations(model, steps, t), ...memory(steps)].forEach((words, i) => equation(lines[i], words));
    for (const tab of gates) put(tab, "aria-pressed", tab.getAttribute("data-gate") === gate);
    put(atStep.range, "max", T);
    input.name(`input ${foot("x", t)}`);
    for (const row of sliders) row.toggleAttribute("hidden", row.gate !== gate);
    for (const row of [...sliders, ...others]) row.refresh();
    const { C, h } = steps[t - 1];
    spoken.say(`Step ${t}: cell state ${number(C)}, state ${number(h)}. After the last step: cell state ${number(steps.at(-1).C)}, state ${number(steps.at(-1).h)}.`);
    walking.refresh();
    write(model, { measures: measures(model, steps) });
  });

  el.replaceChildren(
    html(
      "div", { class: "u-picture u-lstm", role: "group", "aria-label": "Living picture: the LSTM cell" },
      html("div", { class: "u-panels" }, cell.drawing, belt.drawing), ...lines,
      html(
        "div", { class: "u-controls" }, html("div", { class: "u-buttons" }, walking.back, walking.on, walking.play),
        html("div", { class: "u-buttons", role: "group", "aria-label": "The weights of" }, ...gates), ...sliders, ...others,
      ),
      spoken.line,
    ),
  );
  return () => {
    unfollow();
    spoken.stop();
    walking.stop();
  };
}

export default { render };
