// What every living picture draws with: elements, numbers, wires, labels, and the traits of its model.

/** An HTML element with attributes and children. Properties that start with "on" become listeners. */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Change an attribute or, with "text", the words of an element, only where something changes. */
export function put(element, name, value) {
  const text = String(value);
  if (name === "text") {
    if (element.textContent !== text) element.textContent = text;
  } else if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Set the words of an element, HTML or SVG; `w_R` becomes w with a subscript R, `w_xf` one with two. */
export function math(element, words) {
  if (element.words === words) return element;
  element.words = words;
  const drawn = element.namespaceURI?.endsWith("svg");
  const pieces = words.split(/(?<=[wWbhCyx])_([A-Za-z]{1,2})\b/).map((piece, i) => {
    if (i % 2 === 0) return drawn && i ? svg("tspan", { dy: -4 }, piece) : piece;
    return drawn ? svg("tspan", { dy: 4, class: "u-sub" }, piece) : html("sub", {}, piece);
  });
  element.replaceChildren(...pieces.filter((piece) => piece !== ""));
  return element;
}

/** A number as the book prints it: three decimals, a real minus sign, powers of ten where it grows large. */
export function number(value, digits = 3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? value.toExponential(1).replace("e+", "e") : value.toFixed(size >= 100 ? 1 : digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A number on a wire, as short as it can be: 0.8 and 1 rather than 0.800 and 1.000. */
export function short(value) {
  const text = number(value);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

const RAISED = { "-": "⁻", "+": "⁺", "(": "⁽", ")": "⁾", t: "ᵗ" };

/** A step as the slides write it: at("h", 3) is h⁽³⁾, at("h", "t-1") is h⁽ᵗ⁻¹⁾. */
export function at(letter, step) {
  return letter + [...`(${step})`].map((c) => RAISED[c] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");
}

/** A step as the slides on training and on the LSTM write it: at the foot. foot("C", 12) is C₁₂. */
export function foot(letter, step) {
  return letter + [...String(step)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
}

export const ACTIVATION_NAMES = { tanh: "tanh", relu: "ReLU" };

/** An id that no other view on the page has. */
export function unique(name) {
  globalThis.unrolledIds = (globalThis.unrolledIds ?? 0) + 1; // each widget has its own copy of this module
  return `u-${name}-${globalThis.unrolledIds}`;
}

/** Write traits and tell the other side: Python in a kernel, nobody on a page. */
export function write(model, traits) {
  for (const [name, value] of Object.entries(traits)) model.set(name, value);
  model.save_changes();
}

/** Run `draw` now and whenever one of the traits changes; returns what undoes that. */
export function follow(model, names, draw) {
  const events = names.map((name) => `change:${name}`);
  for (const event of events) model.on(event, draw);
  draw();
  return () => {
    for (const event of events) model.off(event, draw);
  };
}

/** A line with an arrowhead at its end. points: [[x, y], ...], the corners rounded. */
export function wire(points, className, { radius = 9, head = true } = {}) {
  let d = `M${points[0]}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    const [before, corner, after] = [points[i - 1], points[i], points[i + 1]];
    d += `L${toward(corner, before, radius)}Q${corner} ${toward(corner, after, radius)}`;
  }
  const [end, last] = [points.at(-1), points.at(-2)];
  d += `L${end}`;
  if (head) {
    const [x, y] = toward(end, last, 6);
    const [dx, dy] = [(end[0] - x) * 0.6, (end[1] - y) * 0.6];
    d += `M${x - dy} ${y + dx}L${end}L${x + dy} ${y - dx}`;
  }
  return svg("path", { d, class: `u-wire ${className}` });
}

function toward([x, y], [toX, toY], distance) {
  const length = Math.hypot(toX - x, toY - y);
  return [x + ((toX - x) * distance) / length, y + ((toY - y) * distance) / length];
}

/** Text in a drawing. anchor: start, middle or end. */
export function label(x, y, words, className = "", anchor = "middle") {
  return math(svg("text", { x, y, class: className || null, "text-anchor": anchor }), String(words));
}
