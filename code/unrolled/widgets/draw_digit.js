// A trained network reads a drawn digit row by row: what it believes after each row, and its hidden state.
import { LSTM } from "./cells.js";
import { button, slider, stepSetting, traitChoice, walk } from "./controls.js";
import { html, label, number, put, svg, write } from "./drawing.js";
import { heavyFile } from "./heavy_file.js";
import { Readout } from "./learning.js";
import { paper } from "./paper.js";
import { picture } from "./picture.js";
import { decoded, encoded, fitted, SIDE } from "./pixels.js";
import { unroll } from "./sequence.js";
import { shades } from "./shades.js";
import { softmax, unpackWeights } from "./trained.js";
import { entropy } from "./writing.js";

const CONTROLS = ["drawing", "place", "t"];
const DIGITS = [...Array(10).keys()];
const MOVED = "seven, 5 pixels to the right";
const PLACES = { centred: "as MNIST has it", drawn: "as drawn" };
const cell = new LSTM();
const readout = new Readout();

const likeliest = (p) => p.indexOf(Math.max(...p));

/** h and p after each row: lists of 28. */
function read(params, ink, H) {
  const xs = Float64Array.from(ink, (value) => value / 255);
  const run = unroll(cell, params, xs);
  const logits = readout.forward(params, run.ys);
  return Array.from({ length: SIDE }, (_, t) => ({
    h: run.ys.subarray(t * H, (t + 1) * H),
    p: Array.from(softmax(logits.subarray(t * 10, (t + 1) * 10))),
  }));
}

function measures(steps, t) {
  const { p } = steps[t - 1];
  const answer = likeliest(steps.at(-1).p);
  return {
    ...Object.fromEntries(p.map((share, digit) => [`p_${digit}`, share])),
    entropy: entropy(p),
    now: likeliest(p),
    answer,
    decided: steps.findLastIndex((step) => likeliest(step.p) !== answer) + 2,
  };
}

/** What is read, the hidden state and the belief: three maps that share the rows. A click chooses one. */
function maps(order, choose) {
  const [top, high] = [22, 5.6]; // units of the drawing: above the maps, and a row
  const whole = SIDE * high;
  const places = { x: [26, 112], h: [148, 96], y: [254, 84] }; // left and width
  const image = Object.fromEntries(
    Object.entries(places).map(([name, [x, width]]) => [name, shades({ x, y: top, width, height: whole })]),
  );
  const frames = Object.values(places).map(([x, width]) =>
    svg("rect", { x, y: top, width, height: whole, class: "u-frame" }),
  );
  const names = { x: "it reads", h: "hidden state", y: "it believes" };
  const titles = Object.entries(places).map(([name, [x, width]]) => label(x + width / 2, 15, names[name], "u-value"));
  const ticks = [1, 7, 14, 21, 28].map((row) => label(22, top + (row - 0.5) * high + 4, row, "u-tick", "end"));
  const foot = top + whole + 14;
  const [left, width] = places.y;
  const digits = DIGITS.map((digit) => label(left + ((digit + 0.5) * width) / 10, foot, digit, "u-note"));
  const under = [
    label(places.x[0] + 56, foot, "28 pixels", "u-note"),
    label(196, foot, `${order.length} units`, "u-note"),
  ];
  const now = svg("rect", { x: 24, width: 316, height: high, class: "u-chosen-row" });
  const settled = svg("path", { class: "u-wire u-ink" });
  const drawing = svg(
    "svg",
    { viewBox: "0 0 340 198", class: "u-drawing u-maps", role: "img" },
    ...Object.values(image).flatMap(({ parts }) => parts),
    ...frames,
    settled,
    now,
    ...titles,
    ...ticks,
    ...under,
    ...digits,
  );
  const paint = (steps, ink) => {
    const row = (t) => Array.from(ink.slice(t * SIDE, (t + 1) * SIDE), (value) => value / 255);
    image.x.paint(
      Array.from({ length: SIDE }, (_, t) => row(t)),
      "x",
    );
    image.h.paint(
      steps.map(({ h }) => order.map((unit) => h[unit])),
      "h",
      "loss",
    );
    image.y.paint(
      steps.map(({ p }) => p),
      "y",
    );
  };
  const refresh = (steps, t, { now: guess, answer, decided }) => {
    put(now, "y", (top + (t - 1) * high).toFixed(1));
    const from = [left + (answer * width) / 10, top + (decided - 1) * high];
    put(settled, "d", `M${from[0].toFixed(1)} ${from[1].toFixed(1)}h${width / 10}`);
    put(
      drawing,
      "aria-label",
      `Three maps that share the rows 1 to 28: the digit that is read, the hidden state of ${order.length} units, and ` +
        `what is believed of the ten digits. Row ${t} is marked; after it ${guess} is likeliest, ` +
        `p = ${number(steps[t - 1].p[guess], 2)}. From row ${decided} on it is ${answer}.`,
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const row = (((event.clientY - box.top) / box.height) * 198 - top) / high;
    choose(Math.min(Math.max(Math.floor(row) + 1, 1), SIDE));
  });
  return { drawing, paint, refresh };
}

/** The belief after one row as bars. */
function bars() {
  const [left, step, bottom, tall] = [24, 31, 106, 78];
  const middle = (digit) => left + (digit + 0.5) * step;
  const columns = DIGITS.map((digit) => ({
    bar: svg("rect", { x: middle(digit) - 10, width: 20, class: "u-bar q-y" }),
    value: label(middle(digit), bottom, "", "u-value"),
    name: label(middle(digit), bottom + 16, digit, "u-name"),
  }));
  const drawing = svg(
    "svg",
    { viewBox: "0 0 340 130", class: "u-drawing", role: "img" },
    svg("path", { d: `M${left} ${bottom}H${left + 10 * step}`, class: "u-grid" }),
    ...columns.flatMap(({ bar, value, name }) => [bar, value, name]),
  );
  const refresh = (p, t, guess) => {
    for (const [digit, { bar, value, name }] of columns.entries()) {
      const height = Math.max(p[digit] * tall, 0.5);
      put(bar, "y", (bottom - height).toFixed(1));
      put(bar, "height", height.toFixed(1));
      put(value, "text", p[digit] >= 0.005 ? number(p[digit], 2) : "");
      value.home = [middle(digit), bottom - height - 5];
      put(value, "y", value.home[1].toFixed(1));
      put(name, "class", digit === guess ? "u-strong" : "u-name");
    }
    const words = DIGITS.map((digit) => `${digit}: ${number(p[digit], 2)}`).join(", ");
    put(drawing, "aria-label", `Bars of what is believed after row ${t}. ${words}.`);
  };
  return { drawing, refresh };
}

async function render({ model, el }) {
  if (!el.childNodes.length) el.append(html("p", { class: "u-picture" }, "The network's weights are on their way …"));
  const file = await heavyFile(model, "row_reader");
  const params = unpackWeights(file.weights);
  const { examples, order } = file;
  const words = (name) => (name === "moved" ? MOVED : name);
  const preset = (drawing) => [words(drawing), { drawing }];
  const levelsOf = (drawing) => decoded(Object.hasOwn(examples, drawing) ? examples[drawing] : drawing);
  const choose = (t) => write(model, { t });
  const drawn = (levels) => write(model, { drawing: encoded(levels) });
  const rubber = button("Eraser", () => put(rubber, "aria-pressed", !rubs()), { "aria-pressed": "false" });
  const rubs = () => rubber.getAttribute("aria-pressed") === "true";
  const takePen = () => put(rubber, "aria-pressed", false);
  const clear = button("Clear", () => {
    takePen();
    drawn(new Uint8Array(SIDE * SIDE));
  });
  const sheet = paper({ read: () => levelsOf(model.get("drawing")), ondrawn: drawn, rubbing: rubs });
  const tools = html("div", { class: "u-controls u-tools" }, html("div", { class: "u-buttons" }, clear, rubber));
  const seen = maps(order, choose);
  const chances = bars();
  const lines = [html("p", { class: "u-equation" }), html("p", { class: "u-equation" })];
  const caption = (...words) => html("p", { class: "u-caption" }, ...words);

  let [steps, shown] = [[], ""];
  const draw = () => {
    const [drawing, place, t] = CONTROLS.map((name) => model.get(name));
    const levels = levelsOf(drawing);
    if (shown !== `${drawing} ${place}`) {
      const raw = levels.map((level) => 17 * level);
      const ink = place === "centred" ? fitted(raw) : raw;
      steps = read(params, ink, file.H);
      seen.paint(steps, ink);
      shown = `${drawing} ${place}`;
    }
    const now = measures(steps, t);
    sheet.refresh(levels, examples[drawing] ? `From MNIST's test set: ${words(drawing)}.` : "Your drawing.");
    seen.refresh(steps, t, now);
    chances.refresh(steps[t - 1].p, t, now.now);
    const share = (p) => number(p, 2);
    const belief = `After row ${t}: likeliest ${now.now}, p = ${share(now[`p_${now.now}`])}`;
    put(lines[0], "text", `${belief}. Entropy ${share(now.entropy)} nats; of no idea at all ${share(Math.log(10))}.`);
    const last = `The answer, after row 28: ${now.answer}, p = ${share(steps.at(-1).p[now.answer])}.`;
    const stays = now.decided > 1 ? `from row ${now.decided} on` : "after every row";
    put(lines[1], "text", `${last} It is the likeliest ${stays}.`);
    return { measures: now, said: `${belief}. ${last}` };
  };

  const settings = {
    drawing: { read: (drawing) => (levelsOf(drawing) ? { drawing } : undefined), write: String },
  };
  const walking = walk(model, 350, () => SIDE);
  const row = { min: 1, max: SIDE, step: 1, settings: stepSetting("t", () => SIDE) };
  return picture(el, {
    model,
    name: "digit",
    title: "what a network believes after each row of a digit",
    traits: CONTROLS,
    draw,
    presets: Object.fromEntries(Object.keys(examples).map((name) => [name, preset(name)])),
    presetsLabel: "digit",
    more: settings,
    restarted: takePen,
    walking,
    body: [
      html(
        "div",
        { class: "u-panels" },
        html("div", {}, caption("Draw here, with a finger, a mouse or keys"), sheet.box, tools),
        html("div", {}, seen.drawing, caption("What it believes after the marked row"), chances.drawing),
      ),
      ...lines,
      caption(
        `${order.length} LSTM units, trained with the loss after every row: so their readout may be asked after any of ` +
          "them. Hidden state: ",
        html("span", { class: "q-h" }, "above 0"),
        ", ",
        html("span", { class: "q-loss" }, "below 0"),
        "; units in the order of the rows at which they peak on average. The dash in the belief: from there on the answer stays.",
      ),
    ],
    controls: [
      slider("row", { ...row, read: () => model.get("t"), onvalue: choose }),
      traitChoice(model, "place", "size, place", PLACES),
    ],
  });
}

export default { render };
