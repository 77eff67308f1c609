import { announcer, choice, follow, html, label, number, put, svg, traitSlider, wire, write } from "./drawing.js";

const CONTROLS = ["first", "second", "threshold"];
const [WIDE, HIGH, UNIT] = [340, 330, 24]; // of the drawing; pixels for 1
const [X, Y] = [WIDE / 2, 186];
const EXAMPLES = {
  long: [5, 1, 2], even: [4, 3.5, 2], tiny: [5, 0.2, 0.2], inside: [1, -0.7, 2], axis: [0, -5, 2],
};
const EXAMPLE_NAMES = {
  long: "large and small", even: "nearly equal", tiny: "tiny threshold",
  inside: "shorter than θ", axis: "one entry is 0", own: "your own",
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
    first: g[0], second: g[1], threshold: theta, length: length(g), norm1: byNorm[0], norm2: byNorm[1], norm_length: length(byNorm),
    value1: byValue[0], value2: byValue[1], value_length: length(byValue), turned,
  };
}

const pair = (entries) => `(${entries.map((entry) => number(entry, 2)).join(", ")})`;

/** The plane of the two entries: the gradient, and what either way of clipping makes of it. */
function plane() {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "u-drawing", role: "img" });
  const legend = (y, words, className) => [
    svg("path", { d: `M14 ${y}h30`, class: `u-wire ${className}` }), label(52, y + 4, words, "u-note", "start"),
  ];
  const refresh = (found) => {
    const { g, theta, byNorm, byValue, turned } = found;
    const [left, top] = point([-theta, theta]);
    const arrow = (to, dash) => { // the shaft has the dash, the head is whole
      if (length(to) < 0.02) return [];
      const near = to.map((entry) => entry * (1 - Math.min(1, 0.3 / length(to))));
      return [
        wire([point([0, 0]), point(to)], `q-gradient ${dash}`, { head: false }), wire([point(near), point(to)], "q-gradient"),
      ];
    };
    put(drawing, "aria-label", `The gradient ${pair(g)} as an arrow of length ${number(length(g), 2)}. Clipped by norm at ${number(theta, 1)} it is ${pair(byNorm)}, inside a circle. Clipped by value it is ${pair(byValue)}, inside a square, turned by ${number(turned, 1)} degrees.`);
    drawing.replaceChildren(
      ...legend(12, "the gradient", "q-gradient u-term"),
      ...legend(30, "clipped by its norm: into the circle", "q-gradient"),
      ...legend(48, "clipped by value: into the square", "q-gradient u-limit-dash"),
      svg("path", { d: `M${X - 6.4 * UNIT} ${Y}h${12.8 * UNIT}M${X} ${Y - 5.2 * UNIT}v${10.8 * UNIT}`, class: "u-grid" }),
      svg("circle", { cx: X, cy: Y, r: Number((theta * UNIT).toFixed(2)), class: "u-border" }),
      svg("rect", { x: left, y: top, width: Number((2 * theta * UNIT).toFixed(2)), height: Number((2 * theta * UNIT).toFixed(2)), class: "u-border" }),
      ...arrow(g, "u-term"), ...arrow(byValue, "u-limit-dash"), ...arrow(byNorm, ""),
    );
  };
  return { drawing, refresh };
}

function render({ model, el }) {
  const shown = plane();
  const lines = Array.from({ length: 3 }, () => html("p", { class: "u-equation" }));
  const spoken = announcer();
  const settings = () => CONTROLS.map((name) => model.get(name));
  const example = () => Object.keys(EXAMPLES).find((name) => EXAMPLES[name].every((value, i) => value === settings()[i])) ?? "own";
  const take = (name) => EXAMPLES[name] && write(model, Object.fromEntries(CONTROLS.map((trait, i) => [trait, EXAMPLES[name][i]])));
  const controls = [
    choice("example", EXAMPLE_NAMES, { read: example, onvalue: take }),
    traitSlider(model, "first", "first entry", { min: -6, max: 6, step: 0.1 }),
    traitSlider(model, "second", "second entry", { min: -6, max: 6, step: 0.1 }),
    traitSlider(model, "threshold", "threshold θ", { min: 0.1, max: 6, step: 0.1 }),
  ];
  const unfollow = follow(model, CONTROLS, () => {
    const found = clipped(model);
    const { g, theta, byNorm, byValue, turned } = found;
    const m = measures(found);
    shown.refresh(found);
    const whole = length(g) > theta ? `times θ / length = ${number(theta / length(g))}` : "not longer than θ: left alone";
    put(lines[0], "text", `The gradient ${pair(g)} has the length ${number(length(g), 2)}.`);
    put(lines[1], "text", `By norm: ${whole}. It is ${pair(byNorm)}, of length ${number(length(byNorm), 2)}, in the same direction.`);
    put(lines[2], "text", `By value: each entry is cut to ±θ. It is ${pair(byValue)}, of length ${number(length(byValue), 2)}, turned by ${number(turned, 1)}°.`);
    for (const control of controls) control.refresh();
    spoken.say(`By norm ${pair(byNorm)}. By value ${pair(byValue)}, turned by ${number(turned, 1)} degrees.`);
    write(model, { measures: m });
  });
  el.replaceChildren(
    html(
      "div", { class: "u-picture u-clipping", role: "group", "aria-label": "Living picture: two ways to clip" },
      html("div", { class: "u-panels" }, shown.drawing), ...lines, html("div", { class: "u-controls" }, ...controls), spoken.line,
    ),
  );
  return () => {
    unfollow();
    spoken.stop();
  };
}

export default { render };
