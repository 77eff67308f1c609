// A trained network's gates while it reads a text: one unit along the text, all units as a heat map.
import { meanLoss, read, unpack } from "./character_lstm.js";
import { choice, slider, stepSetting, traitChoice } from "./controls.js";
import { at, html, number, put, write } from "./drawing.js";
import { BELOW, heatMap, LETTERS, QUANTITIES, SIGNED, track } from "./heat_map.js";
import { heavyFile } from "./heavy_file.js";
import { picture } from "./picture.js";
import { guesses, shown, textStrip, typing } from "./text_parts.js";

const CONTROLS = ["text", "unit", "quantity", "t"];
const LONGEST = 200;
const TEXTS = {
  brutus: [
    "Julius Caesar",
    "BRUTUS:\nWhat a blunt fellow is this grown to be!\nHe was quick mettle when he went to school.\n\n" +
      "CASSIUS:\nSo is he now in execution",
  ],
  casca: [
    "short speeches",
    "CASCA:\nAy, he spoke Greek.\n\nCASSIUS:\nTo what effect?\n\nCASCA:\nNay, an I tell you that",
  ],
  prose: [
    "one long line",
    "the quick brown fox jumps over the lazy dog and then it sleeps until the morning comes again",
  ],
  shout: ["capitals", "I AM NOT A SPEAKER AND THIS IS NOT A NAME:\nbut it may look like one"],
};

function measures(steps, unit, quantity, t) {
  const mean = (name) => steps.reduce((sum, step) => sum + step[name][unit], 0) / steps.length;
  const { C, h, p } = steps[t - 1];
  return {
    n: steps.length,
    loss: meanLoss(steps),
    value: steps[t - 1][quantity][unit],
    C_unit: C[unit],
    h_unit: h[unit],
    C_unit_last: steps.at(-1).C[unit],
    h_unit_last: steps.at(-1).h[unit],
    f_mean: mean("f"),
    i_mean: mean("i"),
    o_mean: mean("o"),
    C_mean: mean("C"),
    p_top: Math.max(...p),
  };
}

/** The chosen unit's numbers at the chosen character, as the two lines of the LSTM that use them. */
function sums() {
  const lines = html("div", { class: "u-sums" });
  const piece = (quantity, words) => html("span", { class: `q-${quantity}` }, words);
  const refresh = (steps, t, unit) => {
    const { f, i, g, o, C, h } = steps[t - 1];
    const before = t > 1 ? steps[t - 2].C[unit] : 0;
    const n = (quantity, values) => piece(quantity, number(values[unit], 2));
    const gate = (quantity, values) =>
      html("span", { class: "u-gate" }, piece(quantity, `${LETTERS[quantity]} `), n(quantity, values));
    lines.replaceChildren(
      html("p", { class: "u-gates" }, gate("f", f), " ", gate("i", i), " ", gate("g", g), " ", gate("o", o)),
      html(
        "p",
        {},
        piece("C", at("C", t)),
        " = ",
        n("f", f),
        " · ",
        piece("C", number(before, 2)),
        " + ",
        n("i", i),
        " · ",
        n("g", g),
        " = ",
        n("C", C),
      ),
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
  const choose = (t, unit = model.get("unit")) => write(model, { t, unit });
  const typed = typing(network, LONGEST, {
    read: () => model.get("text"),
    ontyped: (text, t) => write(model, { t, text }),
  });
  const parts = {
    strip: textStrip(network, () => model.get("t"), choose),
    heat: heatMap(file.order, choose),
    guesses: guesses(network, 5),
    sums: sums(),
    legend: legend(),
  };
  const [meaning, loss] = [html("p", { class: "u-meaning" }), html("p", { class: "u-equation" })];

  const textName = () => Object.keys(TEXTS).find((name) => TEXTS[name][1] === model.get("text")) ?? "own";
  const titles = Object.fromEntries(Object.entries(TEXTS).map(([name, [words]]) => [name, words]));
  const key = (unit) => `u${unit}`; // a name that is no number keeps its place in the list
  const others = file.order.map((_, unit) => unit).filter((unit) => !file.named.some((known) => known.unit === unit));
  const units = Object.fromEntries([
    ...file.named.map(({ unit, words }) => [key(unit), `${unit}: ${words}`]),
    ...others.map((unit) => [key(unit), `${unit}`]),
  ]);
  const last = () => typed.known(model.get("text")).length;
  const character = slider("character", {
    min: 1,
    max: last(),
    step: 1,
    settings: stepSetting("t", last),
    read: () => model.get("t"),
    onvalue: (t) => choose(t),
  });
  const controls = [
    choice(
      "text",
      { ...titles, own: "your own" },
      {
        read: textName,
        onvalue: (name) => (TEXTS[name] ? typed.retype(TEXTS[name][1]) : typed.area.focus?.()),
      },
    ),
    traitChoice(model, "unit", "unit", units, Object.fromEntries(file.order.map((_, unit) => [key(unit), unit]))),
    traitChoice(model, "quantity", "show", QUANTITIES),
    character,
  ];
  const captioned = (words, ...shown) => html("div", {}, html("p", { class: "u-caption" }, words), ...shown);

  let steps = [];
  const draw = ({ shell }) => {
    const [text, unit, quantity, t] = CONTROLS.map((name) => model.get(name));
    const characters = typed.known(text);
    if (t > characters.length) return null; // the text became shorter, t follows at once
    if (steps.text !== text) steps = Object.assign(read(network, characters, steps), { text });
    put(shell, "data-quantity", quantity);
    const { values, full } = track(steps, quantity, unit);
    const here = shown(characters[t - 1]);
    parts.strip.refresh({
      text,
      t,
      shares: values.map((value) => value / full),
      signed: SIGNED.includes(quantity),
      words: `The text, coloured by ${QUANTITIES[quantity]} of unit ${unit}`,
      value: `character ${t} of ${steps.length}, ${here}: ${LETTERS[quantity]} is ${number(values[t - 1], 2)}`,
    });
    parts.heat.refresh(steps, t, quantity, unit);
    const next = steps[t]?.x ?? null;
    const came = () => `what came: ${shown(characters[t])}, p = ${number(steps[t - 1].p[next])}`;
    const note = next === null ? "the text ends here" : came();
    parts.guesses.refresh({ p: steps[t - 1].p, next, words: `The next character after ${t}`, note });
    parts.sums.refresh(steps, t, unit);
    parts.legend.refresh(steps, quantity, unit);
    put(character.range, "max", steps.length);
    const foreign = typed.refresh();
    const named = file.named.find((name) => name.unit === unit);
    const nameless = () =>
      `no meaning of its own was found. What it holds shrinks to 1/e in ${number(file.horizon[unit], 1)} steps.`;
    put(meaning, "text", named ? `Unit ${unit}, “${named.words}”: ${named.evidence}` : `Unit ${unit}: ${nameless()}`);
    const now = measures(steps, unit, quantity, t);
    const guess = `as if it guessed among ${number(Math.exp(now.loss), 1)}`;
    const whole = `Loss over this text: ${number(now.loss, 2)} nats per character, ${guess}.`;
    put(loss, "text", steps.length > 1 ? whole : "");
    const skipped = foreign ? `${foreign} kinds of characters are skipped.` : "";
    const said = `Character ${t}, ${here}: ${LETTERS[quantity]} of unit ${unit} is ${number(now.value, 2)}. ${skipped}`;
    return { measures: now, said };
  };

  const late = el.querySelector("textarea")?.value; // while the weights were on their way
  const end = picture(el, {
    model,
    name: "reading",
    title: "the gates while a network reads",
    traits: CONTROLS,
    draw,
    controls,
    layout: ({ row, rows }) => [
      typed.field(...rows, row),
      typed.note,
      typed.skipped,
      meaning,
      parts.legend.line,
      parts.strip.line,
      html(
        "div",
        { class: "u-panels" },
        captioned("Every unit (a row; short memory on top) at every character", parts.heat.drawing),
        captioned("What comes next, and the chosen unit's numbers", parts.guesses.drawing, parts.sums.lines),
      ),
      loss,
    ],
  });
  typed.takeOver(late);
  return end;
}

export default { render };
