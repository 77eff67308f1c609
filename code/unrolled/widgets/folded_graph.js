// The graph of three steps that TensorFlow 1 makes; its name scopes are boxes, which open and close.
import { button, choice, slider } from "./controls.js";
import { html, label, put, svg, wire, write } from "./drawing.js";
import {
  depth,
  fold,
  inWords,
  lanes,
  last,
  layout,
  many,
  measuresOf,
  readGraph,
  seenAs,
  standing,
} from "./folded_layout.js";
import { heavyFile } from "./heavy_file.js";
import { picture } from "./picture.js";

const CONTROLS = ["graph", "opened", "chosen"];
const WIDTH = 340;
const KINDS = { static: "static: a cell per step", dynamic: "dynamic: a loop" };
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
/** The class of the quantity that a box is about. */
const quantity = (name) => (name === "X" ? "q-x" : /^(cell(_\d)?|while)$/.test(last(name)) ? "q-h" : "");

const settings = (graph, opened, chosen) => ({ graph, opened, chosen });
const presets = (all) => ({
  rnn: ["static, rnn open", settings("static", "rnn", "")],
  step: ["static, step 2 open", settings("static", "rnn/cell_1", "rnn/cell_1")],
  outside: ["dynamic, rnn open", settings("dynamic", "rnn", "")],
  loop: ["dynamic, the loop open", settings("dynamic", "rnn/while", "rnn/while")],
  all: ["dynamic, all open", settings("dynamic", all, "")],
});

/** An arrow from one box to another below it, past those between at `lane`; one to a box above goes round the side. */
function arrow(from, to, lane, className) {
  const [x, y, toX] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2];
  if (to.y >= y) {
    const end = wire(
      [
        [toX, to.y - 9],
        [toX, to.y - 1],
      ],
      className,
    );
    const bend = (x1, y1, x2, y2) => `C${x1} ${(y1 + y2) / 2},${x2} ${(y1 + y2) / 2},${x2} ${y2}`;
    const way = lane
      ? `${bend(x, y, lane, y + 20)}V${to.y - 22}${bend(lane, to.y - 22, toX, to.y - 8)}`
      : bend(x, y, toX, to.y - 8);
    put(end, "d", `M${x} ${y}${way}${end.getAttribute("d")}`);
    return end;
  }
  const [right, top, bottom] = [to.x + to.width, to.y + to.height / 2, from.y + from.height / 2];
  const out = Math.min(Math.max(right, from.x + from.width) + 14, WIDTH - 4);
  return wire(
    [
      [from.x + from.width, bottom],
      [out, bottom],
      [out, top],
      [right + 1, top],
    ],
    `${className} u-loop`,
    { radius: 6 },
  );
}

/** The graph as a drawing. Each box is a button; `press` gets its name. */
function drawn(press) {
  const drawing = svg("svg", { class: "u-drawing", role: "group", "data-fixed": true });
  const boxes = () => [...drawing.querySelectorAll("[data-name]")];
  const choose = (box) => {
    for (const other of boxes()) put(other, "tabindex", other === box ? 0 : -1);
  };
  const room = html("div", { class: "u-graph-room" }, drawing); // browsers let Tab stop at an svg that listens to focus
  room.addEventListener("click", ({ target }) => {
    const box = target.closest("[data-name]");
    if (box) press(box.getAttribute("data-name"));
  });
  room.addEventListener("focusin", ({ target }) => target.hasAttribute("data-name") && choose(target));
  room.addEventListener("keydown", (event) => {
    const [all, box] = [boxes(), event.target];
    if (!all.includes(box) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") press(box.getAttribute("data-name"));
    else if (STEPS[event.key]) all[Math.min(Math.max(all.indexOf(box) + STEPS[event.key], 0), all.length - 1)].focus();
    else return;
    event.preventDefault();
  });

  let shown = ""; // what was chosen last: another one is brought into view
  const refresh = (graph, folded, chosen, words) => {
    const focused = document.activeElement?.closest?.(".u-folded [data-name]");
    const held = focused && drawing.contains(focused) && focused.getAttribute("data-name");
    const { places, height } = layout(graph, folded, WIDTH);
    const all = [...places];
    const seen =
      chosen &&
      (places.has(chosen) ? chosen : seenAs(chosen, new Set(all.filter(([, p]) => p.frame).map(([name]) => name))));
    const within = (name) => name === seen || name.startsWith(`${seen}/`);
    const lit = (from, to) => (seen && within(from) !== within(to) ? " q-h u-works" : "");
    const ways = lanes(folded.arrows, places, WIDTH);
    const wires = folded.arrows.map((pair) => [pair, lit(...pair)]).sort((a, b) => a[1].length - b[1].length);
    const stop = (held && places.has(held) && held) || seen || all[0][0];
    const box = ([name, { x, y, width, height: high, frame }]) => {
      const scope = graph.scopes.get(name);
      const [count, kind] = [scope && many(scope.length, "operation"), quantity(name)];
      const told = scope ? `${name}, name scope of ${count}` : `${name}, operation ${graph.operations.get(name).op}`;
      const attributes = scope ? { "aria-expanded": String(frame) } : { "aria-pressed": String(name === seen) };
      const class_ = `${scope ? "u-scope" : "u-operation"}${name === seen ? " u-chosen" : ""}`;
      const tall = frame ? 26 : high;
      const middle = x + width / 2;
      return svg(
        "g",
        {
          ...attributes,
          class: class_,
          role: "button",
          "aria-label": told,
          "data-name": name,
          tabindex: name === stop ? 0 : -1,
        },
        svg("rect", { x, y, width, height: tall, rx: scope ? 4 : tall / 2, class: kind || null }),
        ...(frame
          ? [
              label(x + 8, y + 17, `− ${last(name)}`, `u-note u-name ${kind}`, "start"),
              label(x + width - 8, y + 17, count, "u-note", "end"),
            ]
          : [
              label(middle, y + 17, `${scope ? "+ " : ""}${last(name)}`, `u-note u-name ${kind}`),
              ...(scope ? [label(middle, y + 33, count, "u-note")] : []),
            ]),
      );
    };
    put(drawing, "viewBox", `0 0 ${WIDTH} ${height}`);
    put(drawing, "aria-label", words);
    drawing.replaceChildren(
      ...all
        .filter(([, place]) => place.frame)
        .map(([name, { x, y, width, height: high }]) =>
          svg("rect", { x, y, width, height: high, rx: 4, class: name === seen ? "u-frame u-chosen" : "u-frame" }),
        ),
      ...wires.map(([pair, light]) =>
        arrow(...pair.map((name) => places.get(name)), ways.get(pair), `u-arrow${light}`),
      ),
      ...all.map(box),
    );
    if (seen && seen !== shown) {
      const [top, high] = [(places.get(seen).y / height) * room.scrollHeight, room.clientHeight]; // in Node, nothing
      if (top < room.scrollTop || top > room.scrollTop + high - 60) room.scrollTop = top - high / 3;
    }
    shown = seen;
    if (held)
      boxes()
        .find((other) => other.getAttribute("tabindex") === "0")
        .focus();
  };
  return { room, refresh };
}

/** What a scope or an operation is, in sentences. */
function describe(graph, name, open) {
  const hidden = seenAs(name, open);
  const where = hidden === name || !name ? [] : [`It is within ${hidden}, which is closed.`];
  const scope = graph.scopes.get(name);
  if (scope) {
    const kinds = new Map();
    for (const id of scope) {
      const { op } = graph.operations.get(id);
      kinds.set(op, (kinds.get(op) ?? 0) + 1);
    }
    const counts = [...kinds]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([op, count]) => `${count} ${op}`);
    return [`${name}: a name scope of ${many(scope.length, "operation")}.`, `${counts.join(", ")}.`, ...where];
  }
  if (!name) return ["Click a box: a scope opens or closes, an operation says what it reads."];
  const { name: full, op, inputs } = graph.operations.get(name);
  const [waits, reads] = [
    inputs.filter((input) => input.startsWith("^")),
    inputs.filter((input) => !input.startsWith("^")),
  ];
  const waiting = waits.length ? [`It waits for ${waits.map((input) => input.slice(1)).join(" and ")}.`] : [];
  const readers = [...graph.operations.values()].filter((other) => other.reads.includes(name)).length;
  return [
    `${full}: operation ${op}.`,
    reads.length ? `It reads ${reads.join(", ")}.` : "It reads nothing.",
    ...waiting,
    readers ? `It is read by ${many(readers, "operation")}.` : "No operation reads it.",
    ...where,
  ];
}

async function render({ model, el }) {
  if (!el.childNodes.length) el.append(html("p", { class: "u-picture" }, "The two graphs are on their way …"));
  const graphs = Object.fromEntries(
    Object.entries(await heavyFile(model, "graphs")).map(([name, nodes]) => [name, readGraph(nodes)]),
  );
  const graph = () => graphs[model.get("graph")];
  const open = () => standing(graph(), model.get("opened"));
  const known = ({ scopes, operations }, name) => !name || scopes.has(name) || operations.has(name);
  const fits = (words) => words.split(",").every((name) => !name || graph().scopes.has(name));
  const upTo = (levels, of = graph()) => inWords([...of.scopes.keys()].filter((scope) => depth(scope) <= levels));
  const levels = () => measuresOf(graph(), { boxes: [], arrows: [] }, open(), "").levels;
  const set = (count) => write(model, { opened: upTo(count) });
  const press = (name) => {
    const stands = open();
    if (stands.has(name))
      for (const scope of stands) (scope === name || scope.startsWith(`${name}/`)) && stands.delete(scope);
    else if (graph().scopes.has(name)) stands.add(name);
    write(model, { chosen: name, opened: inWords(stands) });
  };
  /** The other graph, with what stands open and is chosen in both. */
  const other = (name) => {
    const [next, chosen] = [graphs[name], model.get("chosen")];
    return {
      opened: inWords(standing(next, model.get("opened"))),
      chosen: known(next, chosen) ? chosen : "",
      graph: name,
    };
  };
  const { room, refresh } = drawn(press);
  const lines = Array.from({ length: 6 }, () => html("p"));
  const more = button("Open one level more", () => set(levels() + 1));
  const close = button("Close all", () => set(0));
  const kind = choice("graph", KINDS, { read: () => model.get("graph"), onvalue: (name) => write(model, other(name)) });
  kind.settings = { graph: { read: (name) => (graphs[name] ? other(name) : undefined), write: String } };
  const range = slider("levels open", {
    min: 0,
    max: graphs.dynamic.levels,
    step: 1,
    settings: {
      opened: {
        read: (words) => (words === "none" ? { opened: "" } : words && fits(words) ? { opened: words } : undefined),
        write: (words) => words || "none",
      },
    },
    read: levels,
    onvalue: set,
  });

  const draw = () => {
    const [name, chosen] = [model.get("graph"), model.get("chosen")];
    if (!fits(model.get("opened")) || !known(graph(), chosen)) return null; // they follow the graph at once
    const stands = open();
    const folded = fold(graph(), stands);
    const m = measuresOf(graph(), folded, stands, chosen);
    const shown = `${m.boxes} boxes and ${many(m.arrows, "arrow")}`;
    const opened = `${m.open} of ${m.scopes} name scopes stand open`;
    const counts = `The ${name} graph of 3 steps: ${m.operations} operations, shown as ${shown}; ${opened}.`;
    const told = describe(graph(), chosen, stands);
    refresh(graph(), folded, chosen, counts);
    for (const [i, line] of lines.entries()) put(line, "text", [counts, ...told][i] ?? "");
    more.disabled = m.levels === graph().levels;
    close.disabled = m.open === 0;
    return { measures: m, said: [...(chosen ? told : []), counts].join(" ") };
  };

  const panels = html("div", { class: "u-panels" }, room, html("div", { class: "u-told" }, ...lines));
  return picture(el, {
    model,
    name: "folded",
    title: "a graph whose name scopes open and close",
    traits: CONTROLS,
    draw,
    presets: presets(upTo(graphs.dynamic.levels, graphs.dynamic)),
    buttons: [more, close],
    controls: [kind, range],
    more: {
      chosen: {
        read: (name) =>
          name === "none" ? { chosen: "" } : name && known(graph(), name) ? { chosen: name } : undefined,
        write: (name) => name || "none",
      },
    },
    layout: ({ panel }) => [panel, panels],
  });
}

export default { render };
