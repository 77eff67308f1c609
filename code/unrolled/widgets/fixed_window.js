// A sentence read by a window of k words and by one recurrent unit: what the window has lost, and what the state keeps.
import { RNN } from "./cells.js";
import { choice, slider, stepSetting, traitSlider, walk } from "./controls.js";
import { at, html, label, number, put, short, svg, unique, write } from "./drawing.js";
import { picture } from "./picture.js";
import { unroll } from "./sequence.js";

const CONTROLS = ["text", "k", "t", "s", "w_I", "w_R"];
const [MOST, LONGEST, WIDEST] = [24, 200, 12]; // words, characters, places in the window
const TEXTS = {
  keys: ["is it, or are they?", "the KEYS that she left in my old red car last week are gone"],
  france: ["which language?", "she grew up in FRANCE with two cats and a parrot so she speaks fluent French"],
  nobody: ["good, or not?", "NOBODY who has seen this long and loud film would call it good"],
};
const split = (text) => text.split(/[ \t\r\n]+/).filter((word) => word);

/** What stands for a word: 1 if it is in capitals, else a small number from its characters. */
function wordNumber(word) {
  if (/[A-Z].*[A-Z]/.test(word) && !/[a-z]/.test(word)) return 1;
  return (([...word].reduce((sum, c) => sum + c.codePointAt(0), 0) % 13) - 6) / 100;
}

/** The states after each word: of the sentence as it is, and of one sentence for each word that counts as 0 in it. */
function states(x, w_I, w_R) {
  const params = { W_ih: Float64Array.of(w_I), W_hh: Float64Array.of(w_R), b: new Float64Array(1) };
  const B = x.length + 1;
  const xs = Float64Array.from({ length: x.length * B }, (_, q) =>
    q % B === Math.floor(q / B) + 1 ? 0 : x[Math.floor(q / B)],
  );
  const { ys } = unroll(new RNN(), params, xs, null, { B });
  return Array.from({ length: B }, (_, silent) => x.map((_, i) => ys[i * B + silent]));
}

function read(model) {
  const [text, k, t, s, w_I, w_R] = CONTROLS.map((name) => model.get(name));
  const words = split(text);
  const x = words.map(wordNumber);
  const [h, ...without] = states(x, w_I, w_R);
  const gap = (step) => (hs) => Math.abs(h[step] - hs[step]);
  return { words, k, t, s, x, h, without, act: without.map(gap(t - 1)), fresh: without.map((hs, i) => gap(i)(hs)) };
}

function measures({ words, k, t, s, x, h, without, act }) {
  const named = (name, values) => values.map((value, i) => [`${name}${i + 1}`, value]);
  return {
    n: words.length,
    t,
    k,
    seen: Math.min(k, t),
    unseen: Math.max(t - k, 0),
    padding: Math.max(k - t, 0),
    weights_window: k,
    weights_state: 2,
    ...Object.fromEntries([...named("x", x), ...named("h", h), ...named("act", act)]),
    act: act[s - 1],
    without: without[s - 1][t - 1],
    h_now: h[t - 1],
    h_max: Math.max(...h.slice(0, t).map(Math.abs)),
  };
}

const cut = (word) => (word.length > 13 ? `${word.slice(0, 12)}…` : word);
const [ROW, TOP, ZERO, END] = [18, 44, 150, 290]; // of the list, in its own units

/** The words below each other: the window around some, and how much each still acts on the state. A click asks. */
function list(ask) {
  const drawing = svg("svg", { class: "u-drawing u-sentence", role: "img" });
  const refresh = ({ words, k, t, s, act, fresh }) => {
    const first = Math.max(t - k, 0); // how many words have left the window
    const height = TOP + words.length * ROW + 24;
    const full = Math.max(0.5, ...fresh, ...act);
    const across = (value) => ZERO + (value / full) * (END - ZERO);
    const row = (i) => TOP + i * ROW;
    put(drawing, "viewBox", `0 0 340 ${height}`);
    const acting = words
      .slice(0, t)
      .map((word, i) => `${word} ${number(act[i], 2)}`)
      .join(", ");
    const inside = words.slice(first, t).join(" ");
    put(
      drawing,
      "aria-label",
      `${t} of ${words.length} words are read. The window of ${k} sees: ${inside}. It has lost ${first} ` +
        `words. How much each word read still changes the state: ${acting}.`,
    );
    drawing.replaceChildren(
      label(140, 14, `the window, k = ${k}`, "u-tick", "end"),
      label(ZERO, 14, `change of the state ${at("h", t)}`, "u-tick q-h", "start"),
      label(ZERO, 31, `without the word, 0 to ${short(full)}`, "u-note", "start"),
      svg("rect", { x: 24, y: row(s - 1) + 1, width: 312, height: ROW - 2, rx: 4, class: "u-now" }),
      svg("rect", { x: 28, y: row(first) - 1, width: 112, height: (t - first) * ROW, rx: 5, class: "u-frame" }),
      svg("path", { d: `M${ZERO} ${TOP - 4}V${row(words.length) + 4}`, class: "u-grid" }),
      ...words.flatMap((word, i) => {
        const y = row(i) + ROW - 5;
        const place = i >= t ? "u-unread" : i < first ? "u-gone" : "u-seen";
        const pieces = [label(18, y, i + 1, "u-note", "end"), label(134, y, cut(word), place, "end")];
        if (i >= t) return pieces;
        return [
          ...pieces,
          svg("rect", {
            x: ZERO,
            y: row(i) + 4,
            width: (across(fresh[i]) - ZERO).toFixed(2),
            height: ROW - 8,
            class: "u-fresh q-h",
          }),
          svg("rect", {
            x: ZERO,
            y: row(i) + 4,
            width: Math.max(across(act[i]) - ZERO, 0.5).toFixed(2),
            height: ROW - 8,
            class: "u-bar q-h",
          }),
          label((across(Math.max(act[i], fresh[i])) + 5).toFixed(2), y, number(act[i], 2), "u-value", "start"),
        ];
      }),
      svg("rect", { x: ZERO, y: height - 12, width: 12, height: 9, class: "u-bar q-h" }),
      label(ZERO + 16, height - 4, "now", "u-note", "start"),
      svg("rect", { x: ZERO + 50, y: height - 12, width: 12, height: 9, class: "u-fresh q-h" }),
      label(ZERO + 66, height - 4, "when it was read", "u-note", "start"),
    );
    drawing.count = words.length;
    drawing.high = height;
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const row = Math.ceil((((event.clientY - box.top) / box.height) * drawing.high - TOP) / ROW);
    ask(Math.min(Math.max(row, 1), drawing.count));
  });
  return { drawing, refresh };
}

/** The state word by word, as it is and as it would be without the word that is asked about. */
function plot() {
  const [left, right, top, bottom] = [40, 334, 46, 200];
  const drawing = svg("svg", { viewBox: "0 0 340 240", class: "u-drawing", role: "img" });
  const refresh = ({ words, t, s, h, without }) => {
    const other = without[s - 1];
    const low = Math.min(...h, ...other) < 0 ? -1 : 0;
    const width = (right - left) / words.length;
    const across = (step) => left + (step - 0.5) * width;
    const up = (value) => bottom - ((value - low) / (1 - low)) * (bottom - top);
    const line = (hs) =>
      hs.map((value, i) => `${i ? "L" : "M"}${across(i + 1).toFixed(1)} ${up(value).toFixed(1)}`).join("");
    const every = words.length <= 12 ? 1 : 3;
    const named = words.map((_, i) => i + 1).filter((step) => (step - 1) % every === 0);
    put(
      drawing,
      "aria-label",
      `The state after each word: ${h.map((v) => number(v, 2)).join(", ")}. Without ${words[s - 1]}: ` +
        `${other.map((v) => number(v, 2)).join(", ")}.`,
    );
    drawing.replaceChildren(
      svg("rect", { x: left + (t - 1) * width, y: top - 6, width, height: bottom - top + 12, rx: 4, class: "u-now" }),
      ...(low ? [-1, 0, 1] : [0, 0.5, 1]).flatMap((value) => [
        svg("path", { d: `M${left} ${up(value)}H${right}`, class: "u-grid" }),
        label(left - 6, up(value) + 4, short(value), "u-tick", "end"),
      ]),
      ...named.map((step) => label(across(step), bottom + 20, step, step === t ? "u-tick u-strong" : "u-tick")),
      svg("path", { d: line(other), class: "u-wire u-silent q-loss" }),
      svg("path", { d: line(h), class: "u-wire q-h" }),
      svg("path", {
        d: `M${across(t).toFixed(1)} ${up(h[t - 1]).toFixed(1)}V${up(other[t - 1]).toFixed(1)}`,
        class: "u-wire u-ink",
      }),
      svg("circle", { cx: across(t), cy: up(h[t - 1]), r: 5, class: "u-dot q-h" }),
      svg("circle", { cx: across(t), cy: up(other[t - 1]), r: 4, class: "u-dot q-loss" }),
      label((left + right) / 2, 236, "words read, t", "u-tick"),
      svg("path", { d: `M${left} 10h18`, class: "u-wire q-h" }),
      label(left + 24, 14, "state h as it reads", "u-tick q-h", "start"),
      svg("path", { d: `M${left} 28h18`, class: "u-wire u-silent q-loss" }),
      label(left + 24, 32, `had ${cut(words[s - 1])} been silent`, "u-tick u-loss", "start"),
    );
  };
  return { drawing, refresh };
}

/** What stands in the window's places, padding first. */
function slots() {
  const line = html("p", { class: "u-slots" });
  const refresh = ({ words, k, t }) => {
    const seen = words.slice(Math.max(t - k, 0), t);
    const empty = Array.from({ length: k - seen.length }, () => html("span", { class: "u-slot u-empty" }, "0"));
    line.replaceChildren(
      "The window’s input: ",
      ...[...empty, ...seen.map((word) => html("span", { class: "u-slot" }, cut(word)))].flatMap((slot) => [slot, " "]),
    );
  };
  return { line, refresh };
}

const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function render({ model, el }) {
  const words = () => split(model.get("text"));
  const ask = (s) => write(model, { s });
  const parts = [list(ask), plot(), slots()];
  const [window, state, note] = [
    html("p", { class: "u-equation" }),
    html("p", { class: "u-equation" }),
    html("p", { class: "u-warning", role: "alert" }),
  ];

  const id = unique("text");
  const area = html(
    "textarea",
    { id, rows: 3, maxlength: LONGEST, spellcheck: "false", autocapitalize: "off", autocomplete: "off" },
    model.get("text"),
  );
  const retype = (text) => {
    const typed = split(text);
    put(
      note,
      "text",
      typed.length > MOST ? `${MOST} words are read at most.` : typed.length ? "" : "Type a word or two.",
    );
    if (!typed.length || typed.length > MOST) return;
    const loud = typed.findIndex((word) => wordNumber(word) === 1) + 1;
    write(model, { t: 1, s: 1, text });
    write(model, { t: typed.length, s: loud || 1 });
  };
  area.addEventListener("input", () => retype(area.value));
  const textName = () => Object.keys(TEXTS).find((name) => TEXTS[name][1] === model.get("text")) ?? "own";
  const titles = {
    ...Object.fromEntries(Object.entries(TEXTS).map(([name, [title]]) => [name, title])),
    own: "your own",
  };
  const last = () => words().length;
  const counted = (name, of) =>
    slider(of, {
      min: 1,
      max: last(),
      step: 1,
      settings: stepSetting(name, last),
      read: () => model.get(name),
      onvalue: (value) => write(model, { [name]: value }),
    });
  const [reading, asked] = [counted("t", "words read, t"), counted("s", "silent word")];
  const controls = [
    choice("sentence", titles, {
      read: textName,
      onvalue: (name) => (TEXTS[name] ? retype(TEXTS[name][1]) : area.focus?.()),
    }),
    reading,
    traitSlider(model, "k", "window k", { min: 1, max: WIDEST, step: 1 }),
    asked,
    traitSlider(model, "w_I", "w_I", { min: 0, max: 2, step: 0.05 }),
    traitSlider(model, "w_R", "w_R", { min: -1.5, max: 1.5, step: 0.05 }),
  ];

  const draw = () => {
    const n = words().length;
    if (model.get("t") > n || model.get("s") > n) return null; // the text became shorter, both follow at once
    for (const { range } of [reading, asked]) put(range, "max", n);
    const now = read(model);
    const { k, t, s, h, act } = now;
    const m = measures(now);
    const word = now.words[s - 1];
    for (const part of parts) part.refresh(now);
    const lost = `${m.unseen}${s <= m.unseen ? `, ${word} among them` : ""}`;
    const padded = m.padding ? `${many(m.padding, "place")} filled with 0. ` : "";
    const weights = `Weights of one unit: ${k}, one for each place.`;
    put(
      window,
      "text",
      `Of ${many(t, "word")} read the window sees ${m.seen} and has lost ${lost}. ${padded}${weights}`,
    );
    const change = `Without ${word} it would be ${number(m.without)}: a change of ${number(act[s - 1])}.`;
    const told = s > t ? `${word} is not read yet.` : change;
    const own = "Weights of the unit: 2, however long the sentence.";
    put(state, "text", `The state ${at("h", t)} is ${number(h[t - 1])}. ${told} ${own}`);
    if (area.value !== model.get("text") && !note.textContent) area.value = model.get("text");
    const silent = s > t ? told : `without ${word} ${number(m.without, 2)}.`;
    const seen = `${many(t, "word")} read. The window has lost ${m.unseen}.`;
    return { measures: m, said: `${seen} The state is ${number(h[t - 1], 2)}; ${silent}` };
  };

  return picture(el, {
    model,
    name: "window",
    title: "a fixed window and a recurrent unit read a sentence",
    traits: CONTROLS,
    draw,
    controls,
    walking: walk(model, 900, last),
    layout: ({ row, rows }) => [
      html("div", { class: "u-panels" }, parts[0].drawing, parts[1].drawing),
      parts[2].line,
      window,
      state,
      note,
      html(
        "div",
        { class: "u-controls" },
        row,
        ...rows,
        html("div", { class: "u-written" }, html("label", { for: id }, "read this"), area),
      ),
    ],
  });
}

export default { render };
