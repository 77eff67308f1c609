// The size of a gradient against the number of steps back, and what the gradient of the weights is made of.
import { button, names, sequenceControls, slider, stepSetting, traitChoice, traitSlider } from "./controls.js";
import { at, html, label, number, put, svg, write } from "./drawing.js";
import { FAR, HALF_A_ULP, measures, NEAR, run } from "./gradient_run.js";
import { picture } from "./picture.js";

const CONTROLS = ["matrix", "radius", "activation", "strength", "clip", "threshold", "scale", "x", "t"];
const INPUTS = {
  noise: (step) => Math.round(10 * Math.sin(5 * step * step)) / 10 + 0, // + 0: never −0
  pulse: (step) => (step === 1 ? 1 : 0),
  constant: () => 1,
  zero: () => 0,
};
const INPUT_NAMES = {
  noise: "noise",
  pulse: "one pulse",
  constant: "always 1",
  zero: "always 0",
  own: "your own",
};
const SCALES = {
  near: { words: "from 1e−10 to 1e10", low: -10, high: 10, ticks: [-10, -5, 0, 5, 10], lines: [] },
  float32: {
    words: "all that float32 holds",
    low: -52,
    high: 42,
    ticks: [-40, -20, 0, 20, 40],
    lines: [
      [Math.log10(3.4e38), "overflow: 3.4e38", -4],
      [Math.log10(1.18e-38), "smallest normal number: 1.2e−38", -4],
      [Math.log10(1.4e-45), "smallest number of all: 1.4e−45", 12],
    ],
  },
};
const PARTS = { near: `0–${NEAR - 1} steps back`, middle: `${NEAR}–${FAR - 1}`, far: `${FAR} and more` };

/** A size, with powers of ten where it is small or large. */
function size(value) {
  return value !== 0 && (value < 0.001 || value >= 1e4)
    ? value.toExponential(1).replace("e+", "e").replaceAll("-", "−")
    : number(value);
}

const percent = (share) => (share !== 0 && share < 0.001 ? size(share) : `${number(100 * share, 1)} %`);

/** The norms against the distance. A click chooses how many steps back. */
function plot(model, choose) {
  const drawing = svg("svg", { viewBox: "0 0 340 284", class: "u-drawing", role: "img" });
  const [left, right, top, bottom] = [52, 322, 26, 246];
  const refresh = ({ T, norms, terms, weights }, t) => {
    const { low, high, ticks, lines } = SCALES[model.get("scale")];
    const across = (k) => Number((left + (k / T) * (right - left)).toFixed(2));
    const place = (log) =>
      Number((bottom - ((Math.min(Math.max(log, low), high) - low) / (high - low)) * (bottom - top)).toFixed(2));
    const up = (value) => place(Math.log10(value));
    const path = (values) => values.map((value, k) => `${k ? "L" : "M"}${across(k)} ${up(value)}`).join("");
    const marks = [...new Set([0, ...[0.25, 0.5, 0.75].map((part) => Math.round(part * T)), T])];
    const floor = Math.log10(HALF_A_ULP * weights);
    const limits =
      weights && floor > low && floor < high ? [...lines, [floor, "smaller terms do not change the sum", 12]] : lines;
    put(
      drawing,
      "aria-label",
      `The gradient's norm against the distance, on a logarithmic scale. At the last state 1, ${t} steps ` +
        `back ${size(norms[t])}, ${T} steps back ${size(norms[T])}.`,
    );
    drawing.replaceChildren(
      ...ticks.flatMap((log) => [
        svg("path", { d: `M${left} ${place(log)}H${right}`, class: "u-grid" }),
        label(left - 6, place(log) + 4, log ? `1e${log}`.replace("-", "−") : "1", "u-tick", "end"),
      ]),
      ...limits.flatMap(([log, words, dy]) => [
        svg("path", { d: `M${left} ${place(log)}H${right}`, class: "u-wire u-limit" }),
        label(left + 4, place(log) + dy, words, "u-note", "start"),
      ]),
      ...marks.map((k) => label(across(k), bottom + 18, k, "u-tick")),
      svg("path", { d: path(terms.slice(0, -1)), class: "u-wire u-term q-loss" }),
      svg("path", { d: path(norms), class: "u-wire q-gradient" }),
      svg("path", { d: `M${across(t)} ${top}V${bottom}`, class: "u-wire u-here" }),
      svg("circle", { cx: across(t), cy: up(norms[t]), r: 5.5, class: "u-dot q-gradient" }),
      label((left + right) / 2, 280, "steps back", "u-tick"),
      svg("path", { d: `M${left} 8h18`, class: "u-wire q-gradient" }),
      label(left + 22, 12, "at the state", "u-tick q-gradient", "start"),
      svg("path", { d: `M${left + 108} 8h18`, class: "u-wire u-term q-loss" }),
      label(left + 130, 12, "its term in dL/dW_R", "u-tick q-loss", "start"),
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const T = model.get("x").length;
    const k = Math.round((((event.clientX - box.left) / box.width) * 340 - left) / ((right - left) / T));
    choose(Math.min(Math.max(k, 1), T));
  });
  return { drawing, refresh };
}

/** The gradient of W_R before and after clipping: its size as a number, its make-up as a bar. */
function makeup(model) {
  const drawing = svg("svg", { viewBox: "0 0 340 222", class: "u-drawing", role: "img" });
  const bar = (y, m, faint) => {
    let x = 20;
    return Object.keys(PARTS).map((part) => {
      const width = 300 * m[part];
      const box = svg("rect", {
        x: x.toFixed(2),
        y,
        width: width.toFixed(2),
        height: 22,
        class: `u-part-${part} q-gradient${faint ? " u-faint" : ""}`,
      });
      x += width;
      return box;
    });
  };
  const refresh = (m) => {
    const clip = model.get("clip");
    const after = clip ? `after clipping at ${number(model.get("threshold"), 1)}: ${size(m.clipped)}` : "not clipped";
    const shares = Object.entries(PARTS).map(([part, words]) => `${words}: ${percent(m[part])}`);
    put(
      drawing,
      "aria-label",
      `The gradient of W_R: its norm is ${size(m.weights)}, ${after}. Its terms come from ` +
        `${shares.join(", ")}, before clipping and after.`,
    );
    drawing.replaceChildren(
      label(20, 22, `norm of dL/dW_R: ${size(m.weights)}`, "", "start"),
      ...bar(32, m, false),
      label(20, 84, after, clip ? "" : "u-note", "start"),
      ...bar(94, m, !clip),
      label(20, 140, "where its terms come from:", "u-note", "start"),
      ...Object.keys(PARTS).flatMap((part, i) => [
        svg("rect", { x: 20, y: 152 + 24 * i, width: 16, height: 14, class: `u-part-${part} q-gradient` }),
        label(44, 164 + 24 * i, shares[i], "u-value", "start"),
      ]),
    );
  };
  return { drawing, refresh };
}

function render({ model, el }) {
  const now = () => model.get("t");
  const choose = (t) => write(model, { t });
  const [norms, parts] = [plot(model, choose), makeup(model)];
  const lines = Array.from({ length: 3 }, () => html("p", { class: "u-equation" }));

  const range = { min: -1, max: 1, step: 0.1 };
  const x = sequenceControls(model, { x: { rules: INPUTS, names: INPUT_NAMES, menu: "inputs", range } }, { most: 100 });
  const length = () => model.get("x").length;
  const steps = { min: 1, max: length(), step: 1, settings: stepSetting("t", length) };
  const back = slider("steps back", { ...steps, read: now, onvalue: choose });
  const flip = () => write(model, { clip: !model.get("clip") });
  const clip = button("Clip the gradient", flip, { "aria-pressed": model.get("clip") });
  const scales = Object.fromEntries(Object.entries(SCALES).map(([name, { words }]) => [name, words]));

  const draw = () => {
    const [t, found] = [now(), run(model)];
    const { T } = found;
    if (t > T) return null; // x became shorter, t follows at once
    const m = measures(model, found);
    norms.refresh(found, t);
    parts.refresh(m);
    const many = (steps) => `${steps} ${steps === 1 ? "step" : "steps"}`;
    const mean = () => `${number(found.norms[T] ** (1 / T))} at each step, on average`;
    const whole = found.norms[T] > 0 ? mean() : "0 somewhere: no unit was open";
    const here = `${many(t)} back, at ${at("h", T - t)}: ${size(found.norms[t])} of what arrived at ${at("h", T)}.`;
    put(lines[0], "text", `${here} Over all ${T} steps it is multiplied by ${whole}.`);
    const half = m.half > T ? "The norm never falls below one half." : `Below one half after ${many(m.half)}.`;
    put(
      lines[1],
      "text",
      `Mean slope g′ = ${number(m.slope)}; largest singular value of W = ${number(m.norm)}. ${half}`,
    );
    const shorter = model.get("clip") && m.clipped < m.weights;
    const kept = shorter ? " Clipping made the sum shorter; near and far keep their shares." : "";
    const lost = `Added up in float32, ${m.lost} of ${T - 1} terms are too small to change the sum.`;
    put(lines[2], "text", lost + kept);
    put(back.range, "max", T);
    put(clip, "aria-pressed", model.get("clip"));
    const said = `${t} steps back the gradient has the size ${size(found.norms[t])}.`;
    return { measures: m, said: `${said} Norm of the weights' gradient ${size(m.weights)}, used ${size(m.clipped)}.` };
  };

  return picture(el, {
    model,
    name: "distance",
    title: "the gradient against the distance",
    traits: CONTROLS,
    draw,
    buttons: [clip],
    body: [html("div", { class: "u-panels" }, norms.drawing, parts.drawing), ...lines],
    controls: [
      traitSlider(model, "radius", "radius of W_R", { min: 0.2, max: 2, step: 0.05 }),
      traitChoice(model, "matrix", "matrix", { random: "random", orthogonal: "orthogonal" }),
      traitChoice(model, "activation", "g", { tanh: "tanh", relu: "ReLU", linear: "none (linear)" }),
      traitSlider(model, "strength", "strength", { min: 0, max: 2, step: 0.1 }),
      x.menus.x,
      x.length,
      back,
      traitChoice(model, "scale", "show", scales),
      traitSlider(model, "threshold", "clip at", { min: 0.1, max: 10, step: 0.1 }),
    ],
    more: names("clip", ["yes", "no"], { yes: true, no: false }),
  });
}

export default { render };
