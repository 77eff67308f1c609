// A gradient of two entries, clipped by its norm and by value, side by side.
import { traitSlider } from "./controls.js";
import { html, label, number, put, svg, wire } from "./drawing.js";
import { picture } from "./picture.js";

const CONTROLS = ["first", "second", "threshold"];
const [WIDE, HIGH, UNIT] = [340, 330, 24]; // of the drawing; pixels for 1
const [X, Y] = [WIDE / 2, 186];
const example = (first, second, threshold) => ({ first, second, threshold });
const PRESETS = {
  long: ["large and small", example(5, 1, 2)],
  even: ["nearly equal", example(4, 3.5, 2)],
  tiny: ["tiny threshold", example(5, 0.2, 0.2)],
  inside: ["shorter than θ", example(1, -0.7, 2)],
  axis: ["one entry is 0", example(0, -5, 2)],
};
const point = ([a, b]) => [X + UNIT * a, Y - UNIT * b].map((value) => Number(value.toFixed(2)));
const length = ([a, b]) => Math.hypot(a, b);

function clipped(model) {
  const [g, theta] = [[model.get("first"), model.get("second")], model.get("threshold")];
  const scale = length(g) > 0 ? Math.min(1, theta / length(g)) : 1;
  const byNorm = g.map((entry) => entry * scale);
  const byValue = g.map((entry) => Math.min(Math.max(entry, -theta), theta));
  const [[a, b], [c, d]] = [g, byValue];
  const turned = (Math.atan2(Math.abs(a * d - b * c), a * c + b * d) * 180) / Math.PI;
  return { g, theta, byNorm, byValue, turned };
}

function measures({ g, theta, byNorm, byValue, turned }) {
  return {
    first: g[0],
    second: g[1],
    threshold: theta,
    length: length(g),
    norm1: byNorm[0],
    norm2: byNorm[1],
    norm_length: length(byNorm),
    value1: byValue[0],
    value2: byValue[1],
    value_length: length(byValue),
    turned,
  };
}

const pair = (entries) => `(${entries.map((entry) => number(entry, 2)).join(", ")})`;

/** The plane of the two entries: the gradient, and what either way of clipping makes of it. */
function plane() {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "u-drawing", role: "img" });
  const legend = (y, words, className) => [
    svg("path", { d: `M14 ${y}h30`, class: `u-wire ${className}` }),
    label(52, y + 4, words, "u-note", "start"),
  ];
  const refresh = (found) => {
    const { g, theta, byNorm, byValue, turned } = found;
    const [left, top] = point([-theta, theta]);
    const arrow = (to, dash) => {
      // the shaft has the dash, the head is whole
      if (length(to) < 0.02) return [];
      const near = to.map((entry) => entry * (1 - Math.min(1, 0.3 / length(to))));
      return [
        wire([point([0, 0]), point(to)], `q-gradient ${dash}`, { head: false }),
        wire([point(near), point(to)], "q-gradient"),
      ];
    };
    put(
      drawing,
      "aria-label",
      `The gradient ${pair(g)} as an arrow of length ${number(length(g), 2)}. Clipped by norm at ` +
        `${number(theta, 1)} it is ${pair(byNorm)}, inside a circle. Clipped by value it is ` +
        `${pair(byValue)}, inside a square, turned by ${number(turned, 1)} degrees.`,
    );
    drawing.replaceChildren(
      ...legend(12, "the gradient", "q-gradient u-term"),
      ...legend(30, "clipped by its norm: into the circle", "q-gradient"),
      ...legend(48, "clipped by value: into the square", "q-gradient u-limit-dash"),
      svg("path", {
        d: `M${X - 6.4 * UNIT} ${Y}h${12.8 * UNIT}M${X} ${Y - 5.2 * UNIT}v${10.8 * UNIT}`,
        class: "u-grid",
      }),
      svg("circle", { cx: X, cy: Y, r: Number((theta * UNIT).toFixed(2)), class: "u-border" }),
      svg("rect", {
        x: left,
        y: top,
        width: Number((2 * theta * UNIT).toFixed(2)),
        height: Number((2 * theta * UNIT).toFixed(2)),
        class: "u-border",
      }),
      ...arrow(g, "u-term"),
      ...arrow(byValue, "u-limit-dash"),
      ...arrow(byNorm, ""),
    );
  };
  return { drawing, refresh };
}

function render({ model, el }) {
  const shown = plane();
  const lines = Array.from({ length: 3 }, () => html("p", { class: "u-equation" }));

  const draw = () => {
    const found = clipped(model);
    const { g, theta, byNorm, byValue, turned } = found;
    shown.refresh(found);
    const long = (entries) => `${pair(entries)}, of length ${number(length(entries), 2)}`;
    const whole =
      length(g) > theta ? `times θ / length = ${number(theta / length(g))}` : "not longer than θ: left alone";
    put(lines[0], "text", `The gradient ${pair(g)} has the length ${number(length(g), 2)}.`);
    put(lines[1], "text", `By norm: ${whole}. It is ${long(byNorm)}, in the same direction.`);
    put(
      lines[2],
      "text",
      `By value: each entry is cut to ±θ. It is ${long(byValue)}, turned by ${number(turned, 1)}°.`,
    );
    const said = `By norm ${pair(byNorm)}. By value ${pair(byValue)}, turned by ${number(turned, 1)} degrees.`;
    return { measures: measures(found), said };
  };

  return picture(el, {
    model,
    name: "clipping",
    title: "two ways to clip",
    traits: CONTROLS,
    draw,
    presets: PRESETS,
    presetsLabel: "example",
    body: [html("div", { class: "u-panels" }, shown.drawing), ...lines],
    controls: [
      traitSlider(model, "first", "first entry", { min: -6, max: 6, step: 0.1 }),
      traitSlider(model, "second", "second entry", { min: -6, max: 6, step: 0.1 }),
      traitSlider(model, "threshold", "threshold θ", { min: 0.1, max: 6, step: 0.1 }),
    ],
  });
}

export default { render };
