// The unrolled network: five numbers shared by all steps; it folds into one cell with a loop and unrolls again.
import { RNN } from "./cells.js";
import { button, names, sequenceControls, traitChoice, traitSlider, walk } from "./controls.js";
import { ACTIVATION_NAMES, at, html, label, math, number, put, short, svg, wire, write } from "./drawing.js";
import { picture } from "./picture.js";
import { unroll } from "./sequence.js";

const WEIGHTS = ["w_I", "w_R", "w_y", "b_h", "b_y"];
const RANGE = { min: -2, max: 2, step: 0.05 };
const STEP = 130; // from one cell to the next
const FIRST = 146; // the middle of the first cell
const ROW = 138; // the height of all cells

/** Every number in the network, one entry per step. */
function run(model) {
  const [w_I, w_R, w_y, b_h, b_y] = WEIGHTS.map((name) => model.get(name));
  const params = { W_ih: Float64Array.of(w_I), W_hh: Float64Array.of(w_R), b: Float64Array.of(b_h) };
  const { states } = unroll(new RNN(model.get("activation")), params, Float64Array.from(model.get("x")));
  return model.get("x").map((x, i) => {
    const [before, h] = states.h.subarray(i, i + 2);
    return { x, before, fromInput: w_I * x, fromState: w_R * before, h, fromHidden: w_y * h, y: w_y * h + b_y };
  });
}

function measures(model, steps) {
  return {
    ...Object.fromEntries(WEIGHTS.map((name) => [name, model.get(name)])),
    T: steps.length,
    ...Object.fromEntries(
      steps.flatMap(({ h, y }, i) => [
        [`h${i + 1}`, h],
        [`y${i + 1}`, y],
      ]),
    ),
    y_last: steps.at(-1).y,
  };
}

/** A weight where it is used: every copy of it is the same number, so all of them light up together. */
function chip(x, y, name, text) {
  const words = label(x, y + 4, "", "u-weight");
  (text[name] ??= []).push(words);
  return svg(
    "g",
    { class: "u-chip", "data-weight": name },
    svg("rect", { x: x - 31, y: y - 10, width: 62, height: 20, rx: 10 }),
    words,
  );
}

/** A bias beside the place where it is added. */
function bias(x, y, name, text) {
  const words = label(x, y, "", "u-weight", "end");
  (text[name] ??= []).push(words);
  return svg("g", { class: "u-chip", "data-weight": name }, words);
}

/** One step of the unrolled network. All steps are drawn by this one function, as all steps use the same weights. */
function column(i, text) {
  const cx = FIRST + i * STEP;
  const own = {};
  const place = (name, ...where) => (own[name] = label(...where));
  const group = svg(
    "g",
    { class: "u-step" },
    wire(
      [
        [cx, 238],
        [cx, ROW + 24],
      ],
      "q-x",
    ),
    chip(cx, 200, "w_I", text),
    place("fromInput", cx + 7, 178, "", "u-value", "start"),
    bias(cx - 8, 178, "b_h", text),
    bias(cx - 8, 66, "b_y", text),
    place("xValue", cx, 252, "", "q-x u-value"),
    label(cx, 269, at("x", i + 1), "q-x"),
    svg(
      "g",
      { class: "u-link" },
      wire(
        [
          [cx - 100, ROW],
          [cx - 32, ROW],
        ],
        "q-h",
      ),
      place("fromState", cx - 65, ROW + 24, "", "u-value"),
    ),
    svg("g", { class: "u-link" }, chip(cx - 65, ROW - 18, "w_R", text)),
    wire(
      [
        [cx, ROW - 24],
        [cx, 46],
      ],
      "q-y",
    ),
    chip(cx, 84, "w_y", text),
    place("fromHidden", cx + 7, 66, "", "u-value", "start"),
    place("yValue", cx, 38, "", "q-y u-value"),
    label(cx, 20, at("y", i + 1), "q-y"),
    svg("rect", { x: cx - 29, y: ROW - 22, width: 58, height: 44, rx: 8, class: "u-box" }),
    label(cx, ROW - 5, at("h", i + 1), "q-h"),
    place("hValue", cx, ROW + 13, "", "q-h u-value"),
  );
  const refresh = (step) => {
    for (const name of ["fromInput", "fromState", "fromHidden"]) put(own[name], "text", short(step[name]));
    for (const name of ["x", "h", "y"])
      put(own[`${name}Value`], "text", name === "x" ? short(step.x) : number(step[name]));
  };
  return { group, cx, refresh };
}

/** The loop of the folded network, round the place where its one cell stands. */
function loop(cx, text) {
  const before = label(cx + 84, ROW - 52, "", "q-h u-value", "start");
  const carried = label(cx + 100, ROW - 18, "", "u-value", "start");
  const group = svg(
    "g",
    { class: "u-fold" },
    wire(
      [
        [cx + 30, ROW],
        [cx + 64, ROW],
        [cx + 64, ROW - 46],
        [cx + 16, ROW - 46],
        [cx + 16, ROW - 24],
      ],
      "q-h u-loop",
    ),
    chip(cx + 64, ROW - 22, "w_R", text),
    label(cx + 84, ROW + 6, "one step later", "u-note", "start"),
    before,
    carried,
  );
  return { group, before, carried };
}

const ECHO = { w_I: 1, w_R: 0.8, w_y: 1, b_h: 0, b_y: 0, activation: "tanh" };
const PRESETS = {
  echo: ["an echo", ECHO],
  deaf: ["the input cut", { w_I: 0 }],
  cut: ["the loop cut", { w_R: 0 }],
};

/** What follows from the settings, whatever they are. */
function meaning(model, T) {
  const [w_I, w_R, w_y] = ["w_I", "w_R", "w_y"].map((name) => model.get(name));
  if (w_y === 0) return `w_y = 0: the readout looks at nothing, and every output is b_y.`;
  if (w_I === 0) return `w_I = 0: no input gets in. What is left comes from the biases and goes on from step to step.`;
  if (w_R === 0)
    return (
      `w_R = 0: nothing goes from step to step. What is left is ${T} networks side by side, and each output ` +
      "depends on the input below it alone."
    );
  if (T === 1)
    return "One step: an ordinary network with one hidden layer. w_R has only the 0 of the start to multiply.";
  return (
    `The longest way, from ${at("x", 1)} to ${at("y", T)}, leads through ${T} hidden layers and meets w_R ` +
    `${T === 2 ? "once" : `${T - 1} times`}.`
  );
}

function render({ model, el }) {
  const now = () => model.get("t");
  const stage = html("div", {
    class: "u-stage",
    role: "group",
    tabindex: "0",
    "aria-label": "The network, step by step",
  });
  const [count, follows] = [html("p", { class: "u-equation" }), html("p", { class: "u-follows" })];
  const sliders = Object.fromEntries(WEIGHTS.map((name) => [name, traitSlider(model, name, name, RANGE)]));

  let drawing, columns, folded, text;
  const say = (lit) => {
    const T = model.get("x").length;
    const times = T === 1 ? "once" : `${T} times, once at each step`;
    const all = `${WEIGHTS.length} numbers to learn, whatever T is. Each of them is used ${times}.`;
    math(count, lit ? `${lit} is one number. It is used ${times}.` : all);
  };
  const light = (name, lit) => {
    say(lit && name);
    for (const copy of drawing.querySelectorAll(`[data-weight="${name}"]`))
      put(copy, "class", lit ? "u-chip u-lit" : "u-chip");
    put(sliders[name], "class", lit ? "u-slider u-lit" : "u-slider");
  };
  const redraw = (T) => {
    const width = FIRST + (T - 1) * STEP + 62;
    text = {};
    columns = Array.from({ length: T }, (_, i) => column(i, text));
    folded = loop(width / 2, text);
    const start = svg(
      "g",
      { class: "u-link" },
      label(24, ROW - 5, at("h", 0), "q-h"),
      label(24, ROW + 13, "0", "q-h u-value"),
    );
    drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${width} 276`,
        class: "u-drawing",
        role: "img",
        "data-fixed": true, // two drawings in one
        style: `min-width: ${Math.round(width * 0.76)}px; max-width: ${width}px`,
      },
      start,
      ...columns.map(({ group }) => group),
      folded.group,
    );
    for (const copy of drawing.querySelectorAll(".u-chip")) {
      const name = copy.getAttribute("data-weight");
      copy.addEventListener("pointerenter", () => light(name, true));
      copy.addEventListener("pointerleave", () => light(name, false));
      copy.addEventListener("click", () => sliders[name].range.focus());
    }
    stage.replaceChildren(drawing);
  };
  for (const [name, row] of Object.entries(sliders)) {
    row.range.addEventListener("focus", () => light(name, true));
    row.range.addEventListener("blur", () => light(name, false));
  }

  const range = { min: -1, max: 1, step: 0.05 };
  const x = sequenceControls(model, { x: { range, className: "q-x" } }, { most: 8 });
  const fold = button("Fold", () => write(model, { folded: !model.get("folded") }));

  const draw = () => {
    const [t, T] = [now(), model.get("x").length];
    if (t > T) return null; // x became shorter, t follows at once
    if (columns?.length !== T) redraw(T);
    const [steps, isFolded] = [run(model), model.get("folded")];
    const middle = (FIRST + (T - 1) * STEP + 62) / 2;
    columns.forEach(({ group, cx, refresh }, i) => {
      const current = i === t - 1;
      refresh(steps[i]);
      put(group, "class", current ? "u-step u-current" : "u-step");
      put(group, "style", isFolded ? `transform: translateX(${middle - cx}px); opacity: ${current ? 1 : 0}` : "");
    });
    for (const name of WEIGHTS) {
      for (const copy of text[name] ?? [])
        math(copy, `${name[0] === "b" ? "+ " : ""}${name} ${short(model.get(name))}`);
    }
    put(drawing, "class", isFolded ? "u-drawing u-folded" : "u-drawing");
    put(folded.before, "text", `${at("h", t - 1)} = ${number(steps[t - 1].before)}`);
    put(folded.carried, "text", short(steps[t - 1].fromState));
    put(fold, "text", isFolded ? "Unfold" : "Fold");
    x.entries.x.name(`input ${at("x", t)}`);
    say(WEIGHTS.find((name) => sliders[name].getAttribute("class").includes("u-lit")));
    math(follows, meaning(model, T));
    const states = steps.map(({ h, y }, i) => `step ${i + 1}: h ${number(h)}, y ${number(y)}`).join("; ");
    const form = isFolded ? `folded into one cell with a loop, at step ${t}` : `unrolled over ${T} steps`;
    put(drawing, "aria-label", `The network ${form}, the same weights at every step. ${states}.`);
    const { h, y } = steps[t - 1];
    const said = `${isFolded ? "Folded" : "Unrolled"}. Step ${t}: state ${number(h)}, output ${number(y)}.`;
    return { measures: measures(model, steps), said };
  };

  return picture(el, {
    model,
    name: "network",
    title: "the unrolled network",
    draw,
    presets: PRESETS,
    body: [stage, count, follows],
    traits: [...WEIGHTS, "activation", "x", "t", "folded"],
    buttons: [fold],
    walking: walk(model),
    controls: [
      traitChoice(model, "activation", "g", ACTIVATION_NAMES),
      ...Object.values(sliders),
      x.length,
      x.entries.x,
    ],
    more: names("folded", ["yes", "no"], { yes: true, no: false }),
  });
}

export default { render };
