import { heavyFile, meanLoss, read, unpack } from "./character_lstm.js";
import { announcer, at, choice, follow, html, label, number, put, slider, svg, unique, write } from "./drawing.js";
import { BELOW, heatMap, LETTERS, QUANTITIES, SIGNED, track } from "./heat_map.js";

const CONTROLS = ["text", "unit", "quantity", "t"];
const LONGEST = 200;
const TEXTS = {
  brutus: ["Julius Caesar", "BRUTUS:\nWhat a blunt fellow is this grown to be!\nHe was quick mettle when he went to school.\n\nCASSIUS:\nSo is he now in execution"],
  casca: ["short speeches", "CASCA:\nAy, he spoke Greek.\n\nCASSIUS:\nTo what effect?\n\nCASCA:\nNay, an I tell you that"],
  prose: ["one long line", "the quick brown fox jumps over the lazy dog and then it sleeps until the morning comes again"],
  shout: ["capitals", "I AM NOT A SPEAKER AND THIS IS NOT A NAME:\nbut it may look like one"],
};

const shown = (character) => ({ "\n": "line break", " ": "space" })[character] ?? character;
const glyph = (character) => ({ "\n": "↵", " ": "\u00a0" })[character] ?? character;

function measures(steps, unit, quantity, t) {
  const mean = (name) => steps.reduce((sum, step) => sum + step[name][unit], 0) / steps.length;
  const { C, h, p } = steps[t - 1];
  return {
    n: steps.length, loss: meanLoss(steps), value: steps[t - 1][quantity][unit], C_unit: C[unit], h_unit: h[unit],
    C_unit_last: steps.at(-1).C[unit], h_unit_last: steps.at(-1).h[unit],
    f_mean: mean("f"), i_mean: mean("i"), o_mean: mean("o"), C_mean: mean("C"), p_top: Math.max(...p),
  };
}

/** The text, a tile for each character, coloured and with a bar below. Arrow keys and a click choose. */
function strip(model, network, choose) {
  const line = html("div", { class: "u-strip", role: "slider", tabindex: 0, "aria-valuemin": 1 });
  let tiles = [];
  const place = (text) => {
    let t = 0;
    const pieces = [...text].map((character) => {
      const known = network.number.has(character);
      t += known ? 1 : 0;
      return html("span", { class: known ? "u-tile" : "u-tile u-foreign", "data-t": Math.max(t, 1) }, glyph(character));
    });
    const [words, characters] = [[], [...text]];
    for (const [k, character] of characters.entries()) {
      if (k === 0 || " \n".includes(characters[k - 1])) words.push(html("span", { class: "u-word" }));
      words.at(-1).append(pieces[k]);
      if (character === "\n") words.push(html("br"));
    }
    line.replaceChildren(...words);
    tiles = pieces.filter((tile) => !tile.classList.contains("u-foreign"));
    line.text = text;
  };
  const refresh = (steps, t, quantity, unit) => {
    if (line.text !== model.get("text")) place(model.get("text"));
    const [{ values, full }, signed] = [track(steps, quantity, unit), SIGNED.includes(quantity)];
    for (const [k, value] of values.entries()) {
      const below = value < 0;
      const size = Math.abs(value) / full;
      put(tiles[k], "class", `u-tile${below ? " u-below" : ""}${k === t - 1 ? " u-chosen" : ""}`);
      put(tiles[k], "style", `--v:${size.toFixed(3)}`);
    }
    put(line, "class", `u-strip${signed ? " u-signed" : ""}`);
    put(line, "aria-label", `The text, coloured by ${QUANTITIES[quantity]} of unit ${unit}`);
    put(line, "aria-valuemax", steps.length);
    put(line, "aria-valuenow", t);
    put(line, "aria-valuetext", `character ${t} of ${steps.length}, ${shown(network.alphabet[steps[t - 1].x])}: ${LETTERS[quantity]} is ${number(values[t - 1], 2)}`);
  };
  line.addEventListener("click", (event) => {
    const tile = event.target.closest?.("[data-t]");
    if (tile) choose(Number(tile.getAttribute("data-t")));
  });
  line.addEventListener("keydown", (event) => {
    const [now, last] = [model.get("t"), tiles.length];
    const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 1, End: last, PageDown: now - 10, PageUp: now + 10 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(Math.max(to, 1), last));
  });
  return { line, refresh };
}

/** The five characters that the network thinks most likely to come next. */
function guesses(network) {
  const drawing = svg("svg", { viewBox: "0 0 300 156", class: "u-drawing u-guesses", role: "img" });
  const refresh = (steps, t) => {
    const { p } = steps[t - 1];
    const next = steps[t] ? network.alphabet[steps[t].x] : null;
    const best = Array.from(p, (value, k) => [value, network.alphabet[k]]).sort((a, b) => b[0] - a[0]).slice(0, 5);
    const came = next === null ? "" : ` What came was ${shown(next)}, with ${number(p[steps[t].x])}.`;
    put(drawing, "aria-label", `The next character after ${t}: ${best.map(([value, c]) => `${shown(c)} ${number(value, 2)}`).join(", ")}.${came}`);
    drawing.replaceChildren(
      ...best.flatMap(([value, character], k) => [
        label(74, 27 * k + 18, shown(character), character === next ? "u-strong" : "", "end"),
        svg("rect", { x: 84, y: 27 * k + 3, width: Math.max(value * 150, 0.5).toFixed(2), height: 20, class: "u-bar q-y" }),
        label((88 + value * 150).toFixed(2), 27 * k + 18, number(value, 2), "u-value", "start"),
      ]),
      label(0, 152, next === null ? "the text ends here" : `what came: ${shown(next)}, p = ${number(p[steps[t].x])}`, "u-note", "start"),
    );
  };
  return { drawing, refresh };
}

/** The chosen unit's numbers at the chosen character, as the two lines of the LSTM that use them. */
function sums() {
  const lines = html("div", { class: "u-sums" });
  const piece = (quantity, words) => html("span", { class: `q-${quantity}` }, words);
  const refresh = (steps, t, unit) => {
    const { f, i, g, o, C, h } = steps[t - 1];
    const before = t > 1 ? steps[t - 2].C[unit] : 0;
    const n = (quantity, values) => piece(quantity, number(values[unit], 2));
    const gate = (quantity, values) => html("span", { class: "u-gate" }, piece(quantity, `${LETTERS[quantity]} `), n(quantity, values));
    lines.replaceChildren(
      html("p", { class: "u-gates" }, gate("f", f), " ", gate("i", i), " ", gate("g", g), " ", gate("o", o)),
      html("p", {}, piece("C", at("C", t)), " = ", n("f", f), " · ", piece("C", number(before, 2)), " + ", n("i", i), " · ", n("g", g), " = ", n("C", C)),
      html("p", {}, piece("h", at("h", t)), " = ", n("o", o), " · tanh(", n("C", C), ") = ", n("h", h)),
    );
  };
  return { lines, refresh };
}

/** What stands above the text: the colours' meaning. */
function legend() {
  const line = html("p", { class: "u-legend" });
  const refresh = (steps, quantity, unit) => {
    const full = number(track(steps, quantity, unit).full, quantity === "C" ? 2 : 0);
    const patch = (name, words) => html("span", {}, html("span", { class: `u-patch q-${name}` }), words);
    line.replaceChildren(
      ...(SIGNED.includes(quantity)
        ? [patch(quantity, `above 0, full at ${full}`), " ", patch(BELOW[quantity], `below 0, full at −${full}`)]
        : [patch(quantity, `${quantity} from 0, pale (shut), to 1, full (open)`)]),
    );
  };
  return { line, refresh };
}

async function render({ model, el }) {
  if (!el.childNodes.length) el.append(html("p", { class: "u-picture" }, "The network's weights are on their way …"));
  const file = await heavyFile(model, "characters");
  const network = unpack(file);
  const known = (text) => [...text].filter((character) => network.number.has(character));
  const choose = (t, unit = model.get("unit")) => write(model, { t, unit });
  const parts = { strip: strip(model, network, choose), heat: heatMap(file.order, choose), guesses: guesses(network), sums: sums(), legend: legend() };
  const spoken = announcer();
  const [note, meaning, loss] = [html("p", { class: "u-warning", role: "alert" }), html("p", { class: "u-meaning" }), html("p", { class: "u-equation" })];

  const id = unique("text");
  const area = html("textarea", { id, rows: 4, maxlength: LONGEST, spellcheck: "false", autocapitalize: "off", autocomplete: "off" }, model.get("text"));
  const retype = (text) => {
    const n = known(text).length;
    put(note, "text", n ? "" : text ? "The network knows none of these characters." : "Type something for the network to read.");
    if (n) write(model, { t: n, text });
  };
  area.addEventListener("input", () => retype(area.value));
  const textName = () => Object.keys(TEXTS).find((name) => TEXTS[name][1] === model.get("text")) ?? "own";
  const units = Object.fromEntries([
    ...file.named.map(({ unit, words }) => [`u${unit}`, `${unit}: ${words}`]),
    ...file.order.map((_, unit) => [`u${unit}`, `${unit}`]).filter(([name]) => !file.named.some(({ unit }) => name === `u${unit}`)),
  ]);
  const controls = [
    choice("text", { ...Object.fromEntries(Object.entries(TEXTS).map(([name, [words]]) => [name, words])), own: "your own" }, {
      read: textName, onvalue: (name) => TEXTS[name] ? retype(TEXTS[name][1]) : area.focus?.(),
    }),
    choice("unit", units, { read: () => `u${model.get("unit")}`, onvalue: (name) => write(model, { unit: Number(name.slice(1)) }) }),
    choice("show", QUANTITIES, { read: () => model.get("quantity"), onvalue: (quantity) => write(model, { quantity }) }),
    slider("character", { min: 1, max: known(model.get("text")).length, step: 1, read: () => model.get("t"), onvalue: (t) => choose(t) }),
  ];

  const skipped = html("p", { class: "u-warning" });
  const written = html("div", { class: "u-controls" }, html("div", { class: "u-written" }, html("label", { for: id }, "read this"), area), ...controls);
  const picture = html(
    "div", { class: "u-picture u-reading", role: "group", "aria-label": "Living picture: the gates while a network reads" },
    written, note, skipped, meaning, parts.legend.line, parts.strip.line,
    html("div", { class: "u-panels" },
      html("div", {}, html("p", { class: "u-caption" }, "Every unit (a row; short memory on top) at every character"), parts.heat.drawing),
      html("div", {}, html("p", { class: "u-caption" }, "What comes next, and the chosen unit's numbers"), parts.guesses.drawing, parts.sums.lines),
    ),
    loss, spoken.line,
  );
  let steps = [];
  const unfollow = follow(model, CONTROLS, () => {
    const [text, unit, quantity, t] = CONTROLS.map((name) => model.get(name));
    const characters = known(text);
    if (t > characters.length) return; // the text became shorter, t follows at once
    if (steps.text !== text) steps = Object.assign(read(network, characters, steps), { text });
    put(picture, "data-quantity", quantity);
    parts.strip.refresh(steps, t, quantity, unit);
    parts.heat.refresh(steps, t, quantity, unit);
    parts.guesses.refresh(steps, t);
    parts.sums.refresh(steps, t, unit);
    parts.legend.refresh(steps, quantity, unit);
    put(controls.at(-1).range, "max", steps.length);
    for (const control of controls) control.refresh();
    if (area.value !== text && known(area.value).length) area.value = text;
    const foreign = [...new Set([...text].filter((character) => !network.number.has(character)))];
    put(skipped, "text", foreign.length ? `Skipped, because the eight plays never use them: ${foreign.join(" ")}` : "");
    const named = file.named.find((name) => name.unit === unit);
    put(meaning, "text", named ? `Unit ${unit}, “${named.words}”: ${named.evidence}` : `Unit ${unit}: no meaning of its own was found. What it holds shrinks to 1/e in ${number(file.horizon[unit], 1)} steps.`);
    const now = measures(steps, unit, quantity, t);
    put(loss, "text", steps.length > 1 ? `Loss over this text: ${number(now.loss, 2)} nats per character, as if it guessed among ${number(Math.exp(now.loss), 1)}.` : "");
    spoken.say(`Character ${t}, ${shown(characters[t - 1])}: ${LETTERS[quantity]} of unit ${unit} is ${number(now.value, 2)}. ${foreign.length ? `${foreign.length} kinds of characters are skipped.` : ""}`);
    write(model, { measures: now });
  });

  const typed = el.querySelector("textarea")?.value; // while the weights were on their way
  el.replaceChildren(picture);
  if (typed && typed !== model.get("text")) {
    area.value = typed;
    retype(typed);
  }
  return () => {
    unfollow();
    spoken.stop();
  };
}

export default { render };
