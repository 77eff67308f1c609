// What the living pictures share: making elements, writing numbers, controls bound to a trait, wires.

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

/** A labelled slider. read: () -> its value now, write: what to do with a new one. Call `.refresh()` to show a change. */
export function slider(label, { min, max, step, className = null, read, onvalue }) {
  const id = unique("slider");
  const range = html("input", { type: "range", id, min, max, step, value: read() });
  const shown = html("output", { for: id });
  const name = math(html("label", { for: id, class: className }), label);
  range.addEventListener("input", () => onvalue(Number(range.value)));
  const row = html("div", { class: "u-slider" }, name, range, shown);
  row.range = range;
  row.refresh = () => {
    const value = read();
    put(range, "value", value);
    if (Number(range.value) !== value) range.value = value;
    put(shown, "text", short(value));
    put(range, "aria-valuetext", short(value));
  };
  row.name = (text) => math(name, text);
  row.refresh();
  return row;
}

/** A slider for one trait of the model. */
export function traitSlider(model, trait, label, options) {
  const onvalue = (value) => write(model, { [trait]: value });
  return slider(label, { ...options, read: () => model.get(trait), onvalue });
}

/** A labelled choice among names: options is {value: words}. */
export function choice(label, options, { read, onvalue }) {
  const id = unique("choice");
  const entries = Object.entries(options).map(([value, words]) => html("option", { value, selected: value === read() }, words));
  const select = html("select", { id, onchange: () => onvalue(select.value) }, ...entries);
  const row = html("div", { class: "u-choice" }, html("label", { for: id }, label), select);
  row.refresh = () => {
    if (select.value !== read()) select.value = read();
  };
  return row;
}

export function button(words, onclick, attributes = {}) {
  return html("button", { type: "button", class: "u-button", onclick, ...attributes }, words);
}

/** Buttons that walk through the steps of x: one back, one on, and play, which takes `pace` ms for each. */
export function walk(model, pace) {
  const [now, last] = [() => model.get("t"), () => model.get("x").length];
  const choose = (t) => write(model, { t: Math.min(Math.max(t, 1), last()) });
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    put(play, "text", "Play");
  };
  const play = button("Play", () => {
    if (playing) return stop();
    if (now() >= last()) choose(1);
    playing = setInterval(() => (now() < last() ? choose(now() + 1) : stop()), pace);
    return put(play, "text", "Pause");
  });
  const [back, on] = [button("Step back", () => choose(now() - 1)), button("Next step", () => choose(now() + 1))];
  const refresh = () => {
    back.disabled = now() === 1;
    on.disabled = now() === last();
  };
  return { back, on, play, refresh, stop };
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

/** A line for screen readers, spoken when the reader pauses. `say(words)` sets it. */
export function announcer() {
  const line = html("p", { class: "u-spoken", role: "status" });
  let timer;
  let last;
  const say = (words) => {
    if (last === undefined || words === last) {
      last = words; // what the picture starts with is not news
      return;
    }
    last = words;
    clearTimeout(timer);
    timer = setTimeout(() => put(line, "text", words), 500);
  };
  return { line, say, stop: () => clearTimeout(timer) };
}
