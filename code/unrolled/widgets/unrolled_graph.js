// What TensorFlow 1 puts into its graph for a recurrent network of T steps, statically or dynamically unrolled.
import { slider, traitChoice, walk } from "./controls.js";
import { at, html, label, put, svg, write } from "./drawing.js";
import { CONTROL_FLOW, loop, row } from "./graph_drawing.js";
import { picture } from "./picture.js";

const CONTROLS = ["steps", "unrolling", "t"];
const MOST = 40; // steps
// Operations, as chapter 8 counts them in the graphs that static_rnn and dynamic_rnn of TensorFlow 2.21 make.
const [AROUND, EACH] = [35, 5]; // static: around the steps, and for each step
const [OUTSIDE, LOOP] = [82, 47]; // dynamic: outside of the loop, and in it
const DYNAMIC = OUTSIDE + LOOP;
const CROSSING = (DYNAMIC - AROUND) / EACH;
const KINDS = { static: "static: a cell per step", dynamic: "dynamic: a loop" };
const example = (steps, unrolling) => ({ steps, unrolling, t: 1 });
const PRESETS = {
  slide: ["two steps, as on the slide", example(2, "static")],
  loop: ["six steps in a loop", example(6, "dynamic")],
  cross: ["where they cross", example(19, "static")],
  forty: ["forty steps", example(MOST, "static")],
};

const operations = (T) => AROUND + EACH * T;
const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function measures(T, t, unrolling) {
  const counts = { static: operations(T), dynamic: DYNAMIC, more: operations(T) - DYNAMIC };
  return { steps: T, t, ...counts, cells: unrolling === "static" ? T : 1, work: T };
}

/** The graph that is shown, and what works in it at step t. */
function graph() {
  const drawing = svg("svg", { viewBox: "0 0 340 302", class: "u-drawing", role: "img" });
  const refresh = (T, t, unrolling) => {
    const flow = Object.entries(CONTROL_FLOW).map(([name, count]) => `${count} ${name}`);
    const words = {
      static: `A row of ${many(T, "cell")}, which all read the same kernel and bias. Cell ${t} works.`,
      dynamic: `A loop around one cell, with ${flow.join(", ")}. It is in turn ${t} of ${T}.`,
    };
    put(drawing, "aria-label", words[unrolling]);
    drawing.replaceChildren(...(unrolling === "static" ? row : loop)(T, t));
  };
  return { drawing, refresh };
}

/** Operations by the number of steps. A click sets it. */
function curves(choose) {
  const [left, right, top, bottom] = [40, 328, 58, 240];
  const drawing = svg("svg", { viewBox: "0 0 340 302", class: "u-drawing u-curve", role: "img" });
  const across = (T) => left + ((T - 1) / (MOST - 1)) * (right - left);
  const height = (count) => bottom - (count / 250) * (bottom - top);
  const round = (value) => value.toFixed(1);
  const refresh = (T, unrolling) => {
    const line = (from, to) => `M${left} ${round(height(from))}L${right} ${round(height(to))}`;
    const works = (kind) => (kind === unrolling ? " u-works" : "");
    const ends = { static: [operations(1), operations(MOST)], dynamic: [DYNAMIC, DYNAMIC] };
    const dash = { static: "", dynamic: " u-loop" };
    const legend = { static: `static: ${AROUND} + ${EACH} T = ${operations(T)}`, dynamic: `dynamic: ${DYNAMIC}` };
    const crossing = { cx: round(across(CROSSING)), cy: round(height(DYNAMIC)), r: 7, class: "u-while" };
    put(
      drawing,
      "aria-label",
      `Operations in the graph by the number of steps. Static: from ${operations(1)} for 1 step to ` +
        `${operations(MOST)} for ${MOST}, at ${T} it is ${operations(T)}. Dynamic: always ${DYNAMIC}. ` +
        `They cross between ${Math.floor(CROSSING)} and ${Math.ceil(CROSSING)}.`,
    );
    drawing.replaceChildren(
      svg("rect", { x: round(across(T) - 5), y: top - 6, width: 10, height: bottom - top + 12, rx: 4, class: "u-now" }),
      ...[0, 50, 100, 150, 200, 250].flatMap((count) => [
        svg("path", { d: `M${left} ${round(height(count))}H${right}`, class: "u-grid" }),
        label(left - 7, round(height(count) + 4), count, "u-tick", "end"),
      ]),
      ...[1, 10, 20, 30, MOST].map((mark) =>
        label(round(across(mark)), bottom + 20, mark, mark === T ? "u-tick u-strong" : "u-tick"),
      ),
      ...Object.entries(ends).flatMap(([kind, [from, to]], i) => [
        svg("path", { d: line(from, to), class: `u-wire u-ink${dash[kind]}${works(kind)}` }),
        svg("path", { d: `M${left} ${10 + 18 * i}h26`, class: `u-wire u-ink${dash[kind]}${works(kind)}` }),
        label(left + 34, 14 + 18 * i, legend[kind], kind === unrolling ? "u-value u-strong" : "u-value", "start"),
      ]),
      svg("circle", crossing),
      ...[operations(T), DYNAMIC].map((count) =>
        svg("circle", { cx: round(across(T)), cy: round(height(count)), r: 5, class: "u-dot" }),
      ),
      label(round(across(CROSSING) + 8), round(height(DYNAMIC) + 16), "cross between 18 and 19", "u-note", "start"),
      label((left + right) / 2, 280, "steps T", "u-tick"),
      label(8, 48, "operations in the graph", "u-tick", "start"),
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const part = (((event.clientX - box.left) / box.width) * 340 - left) / (right - left);
    choose(Math.min(Math.max(Math.round(1 + part * (MOST - 1)), 1), MOST));
  });
  return { drawing, refresh };
}

/** What happens at step t of a run. */
function happens(T, t, unrolling) {
  if (unrolling === "static")
    return `Step ${t}: copy ${t} works, with ${at("x", t)} and ${at("h", t - 1)}: concat with its axis, MatMul, add, Tanh.`;
  const begin = t === 1 ? `Enter lets ${at("h", 0)} in` : `NextIteration has brought ${at("h", t - 1)}`;
  const end = t < T ? "" : ` Switch sends ${at("h", T)} to Exit.`;
  return `Step ${t}: ${begin}, the one cell works, t becomes ${t}.${end}`;
}

function render({ model, el }) {
  const now = () => CONTROLS.map((name) => model.get(name));
  const last = () => model.get("steps");
  const within = (T) => ({ t: Math.min(model.get("t"), T), steps: T });
  const choose = (T) => write(model, within(T));
  const [shown, plot] = [graph(), curves(choose)];
  const lines = Array.from({ length: 3 }, () => html("p", { class: "u-equation" }));
  const fits = (T) => Number.isInteger(T) && T >= 1 && T <= MOST;
  const settings = { steps: { read: (words) => (fits(+words) ? within(+words) : undefined), write: String } };
  const range = { min: 1, max: MOST, step: 1, settings };

  const draw = () => {
    const [T, unrolling, t] = now();
    if (t > T) return null; // fewer steps, t follows at once
    const m = measures(T, t, unrolling);
    shown.refresh(T, t, unrolling);
    plot.refresh(T, unrolling);
    const [kind, by] = [m.more > 0 ? "static" : "dynamic", many(Math.abs(m.more), "operation")];
    const larger = `The ${kind} graph is larger by ${by}.`;
    const copies = `Static, T = ${T}: ${AROUND} + ${EACH} · ${T} = ${m.static} operations, ${many(T, "cell")}.`;
    put(lines[0], "text", `${copies} Dynamic: ${OUTSIDE} + ${LOOP} = ${DYNAMIC}, 1 cell.`);
    put(lines[1], "text", `${larger} In a run of either, a cell works ${many(T, "time")}.`);
    put(lines[2], "text", happens(T, t, unrolling));
    const graph = `${unrolling === "static" ? "Static" : "Dynamic"} graph of ${many(T, "step")}`;
    const said = `${graph}: ${many(m[unrolling], "operation")}, ${many(m.cells, "cell")}. ${larger} Step ${t} works.`;
    return { measures: m, said };
  };

  return picture(el, {
    model,
    name: "graph",
    title: "the graph of an unrolled network",
    traits: CONTROLS,
    draw,
    presets: PRESETS,
    together: true,
    walking: walk(model, 900, last),
    body: [html("div", { class: "u-panels" }, shown.drawing, plot.drawing), ...lines],
    controls: [
      slider("steps T", { ...range, read: last, onvalue: choose }),
      traitChoice(model, "unrolling", "unrolling", KINDS),
    ],
  });
}

export default { render };
