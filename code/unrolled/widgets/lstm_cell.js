// The LSTM cell as a machine: what is on the belt, and how far each gate is open.
import { LSTM } from "./cells.js";
import { button, names, sequenceControls, slider, traitSlider, walk } from "./controls.js";
import { foot, html, number, put, short, write } from "./drawing.js";
import { conveyor, machine, PARTS } from "./lstm_drawing.js";
import { picture } from "./picture.js";
import { unroll } from "./sequence.js";

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
const INPUT_NAMES = {
  pulse: "one pulse",
  noise: "a pulse, then noise",
  bits: "bits, 1 and 0",
  signs: "pulses, 1 and −1",
  zero: "always 0",
  own: "your own",
};
const MEMORY = {
  w_xi: 10,
  w_hi: 0,
  b_i: -7,
  w_xf: 0,
  w_hf: 0,
  b_f: 4,
  w_xg: 2,
  w_hg: 0,
  b_g: 0,
  w_xo: 0,
  w_ho: 0,
  b_o: 2,
};
const PRESETS = {
  keeps: ["a memory", MEMORY],
  forgets: ["a memory that fades", { ...MEMORY, b_f: 0 }],
  deaf: ["never lets in", { ...MEMORY, w_xi: 0, b_i: -12 }],
  counts: ["counts the ones", { ...MEMORY, b_f: 12, w_xg: 12 }],
};

/** Every number in the cell, one entry per step. left: what is left of C₁; d_C: dC/dC₁, all ways counted. */
function run(model) {
  const w = Object.fromEntries(WEIGHTS.map((name) => [name, model.get(name)]));
  const x = model.get("x");
  const cell = new LSTM();
  const row = (name) => Float64Array.from(cell.gates, (part) => w[`${name}${part}`]);
  const params = { W_ih: row("w_x"), W_hh: row("w_h"), b: row("b_") };
  const { gates, states } = unroll(cell, params, Float64Array.from(x));
  let [kept1, d_h, d_C] = [1, 0, 1];
  return x.map((input, t) => {
    const [h0, h, C0, C] = [...states.h.subarray(t, t + 2), ...states.c.subarray(t, t + 2)];
    const sum = (part) => w[`w_x${part}`] * input + w[`w_h${part}`] * h0 + w[`b_${part}`];
    const a = Object.fromEntries(cell.gates.map((part) => [part, sum(part)]));
    const [i, f, g, o] = cell.gates.map((part) => gates[part][t]);
    const tanh = Math.tanh(C);
    let d_o = 0;
    if (t > 0) {
      // forwards, because every step is asked about: what each gate owes to C₁ through h
      kept1 *= f;
      const [d_i, d_f, d_g] = [i * (1 - i) * w.w_hi * d_h, f * (1 - f) * w.w_hf * d_h, (1 - g * g) * w.w_hg * d_h];
      d_C = f * d_C + C0 * d_f + g * d_i + i * d_g;
      d_o = o * (1 - o) * w.w_ho * d_h;
    }
    d_h = d_o * tanh + o * (1 - tanh ** 2) * d_C;
    const step = { x: input, h0, C0, a, i, f, g, o, kept: f * C0, put: i * g, C, tanh, h };
    return { ...step, part: kept1, left: kept1 * states.c[1], d_C };
  });
}

function measures(model, steps) {
  const last = steps.at(-1);
  return {
    ...Object.fromEntries(WEIGHTS.map((name) => [name, model.get(name)])),
    T: steps.length,
    ...Object.fromEntries(
      steps.flatMap((step, t) => ["C", "h", "f", "i", "o", "g"].map((name) => [`${name}${t + 1}`, step[name]])),
    ),
    C_last: last.C,
    h_last: last.h,
    C_change: last.C - steps[0].C,
    kept: last.part,
    d_C: last.d_C,
  };
}

/** Write an equation; a letter with its step wears its colour. */
function equation(line, words) {
  if (line.words === words) return;
  line.words = words;
  const names = { C̃: "g" };
  line.replaceChildren(
    ...words.split(/(C̃[₀-₉]+|[fiohxC][₀-₉]+)/).map((piece, i) => {
      const letter = piece.replace(/[₀-₉]+/, "");
      return i % 2 ? html("span", { class: `q-${names[letter] ?? letter}` }, piece) : piece;
    }),
  );
}

/** The equations of one step with their numbers: of the chosen gate, of the cell state, of the state. */
function equations(model, steps, t) {
  const [now, part, at] = [steps[t - 1], model.get("gate"), (letter) => foot(letter, t)];
  const [wx, wh, b] = weights(part).map((name) => short(model.get(name)));
  const g = part === "g" ? "tanh" : "σ";
  return [
    `${at(PARTS[part])} = ${g}(${wx} · ${short(now.x)} + ${wh} · ${number(now.h0)} + ${b}) = ` +
      `${g}(${number(now.a[part])}) = ${number(now[part])}`,
    `${at("C")} = ${at("f")} ${foot("C", t - 1)} + ${at("i")} ${at("C̃")} = ${number(now.f)} · ` +
      `${number(now.C0)} + ${number(now.i)} · ${number(now.g)} = ${number(now.C)}`,
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
  const product =
    T <= 4
      ? steps
          .slice(1)
          .map((_, i) => foot("f", i + 2))
          .join(" ")
      : `f₂ f₃ … ${foot("f", T)}`;
  return [
    `Of C₁ still on the belt at step ${T}: ${T === 1 ? "all of it" : `${product} = ${fine(part)}`}`,
    `Counting the ways through h as well: d${foot("C", T)}/dC₁ = ${fine(d_C)}`,
  ];
}

function render({ model, el }) {
  const now = () => model.get("t");
  const choose = (t) => write(model, { t });
  const chooseGate = (gate) => write(model, { gate });
  const [cell, belt] = [machine(chooseGate), conveyor(choose)];
  const lines = Array.from({ length: 5 }, () => html("p", { class: "u-equation" }));

  const gates = Object.entries(NAMES).map(([part, name]) =>
    button(`${name} ${PARTS[part]}`, () => chooseGate(part), { "data-gate": part, "data-q": part }),
  );
  const sliders = Object.keys(NAMES).flatMap((part) =>
    weights(part).map((name) => {
      const row = traitSlider(model, name, name, RANGE);
      put(row, "data-q", part);
      row.gate = part;
      return row;
    }),
  );
  const range = { min: -1, max: 1, step: 0.1 };
  const x = sequenceControls(
    model,
    { x: { rules: INPUTS, names: INPUT_NAMES, menu: "inputs", range, className: "q-x" } },
    { most: 60 },
  );
  const walking = walk(model, 700);
  const steps = { min: 1, max: model.get("x").length, step: 1, settings: walking.settings };
  const atStep = slider("step t", { ...steps, read: now, onvalue: choose });

  const draw = ({ pinned }) => {
    const [t, T, gate] = [now(), model.get("x").length, model.get("gate")];
    if (t > T) return null; // x became shorter, t follows at once
    const steps = run(model);
    cell.refresh(steps, t, gate);
    belt.refresh(steps, t, pinned);
    [...equations(model, steps, t), ...memory(steps)].forEach((words, i) => equation(lines[i], words));
    for (const tab of gates) put(tab, "aria-pressed", tab.getAttribute("data-gate") === gate);
    put(atStep.range, "max", T);
    x.entries.x.name(`input ${foot("x", t)}`);
    for (const row of sliders) row.toggleAttribute("hidden", row.gate !== gate);
    const [{ C, h }, last] = [steps[t - 1], steps.at(-1)];
    const said =
      `Step ${t}: cell state ${number(C)}, state ${number(h)}. After the last step: cell state ` +
      `${number(last.C)}, state ${number(last.h)}.`;
    return { measures: measures(model, steps), said };
  };

  const tabs = html("div", { class: "u-buttons", role: "group", "aria-label": "The weights of" }, ...gates);
  return picture(el, {
    model,
    name: "lstm",
    title: "the LSTM cell",
    traits: [...WEIGHTS, "gate", "x", "t"],
    draw,
    together: true,
    presets: PRESETS,
    walking,
    pin: () => run(model).map(({ C }) => C),
    controls: [...sliders, x.menus.x, x.length, atStep, x.entries.x],
    more: names("gate", Object.keys(NAMES)),
    layout: ({ row, rows: [preset, ...rows] }) => [
      html("div", { class: "u-panels" }, cell.drawing, belt.drawing),
      ...lines,
      html("div", { class: "u-controls" }, row, preset, tabs, ...rows),
    ],
  });
}

export default { render };
