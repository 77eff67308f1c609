// A trained language model reads a text, says what comes next, and writes on.
import { meanLoss, read, unpack } from "./character_lstm.js";
import { button, choice, slider, stepSetting, traitSlider } from "./controls.js";
import { html, number, put, svg, write } from "./drawing.js";
import { heavyFile } from "./heavy_file.js";
import { picture } from "./picture.js";
import { guesses, shown, textStrip, typing } from "./text_parts.js";
import { entropy, mulberry32, pick, tempered } from "./writing.js";

const CONTROLS = ["text", "written", "temperature", "k", "seed", "t"];
const [LONGEST, MOST, PACE, FULL] = [200, 300, 120, 8]; // FULL: nats of surprise that fill a tile
const TEXTS = {
  juliet: ["a line of Juliet's", "JULIET:\nO Romeo, Romeo! wherefore art thou"],
  hamlet: ["a famous line", "HAMLET:\nTo be, or not to be: that is the"],
  name: ["a name begins", "ROM"],
  h: ["h", "h"],
  slide: ["the slides' words", "neon is amazing"],
  keys: ["keys struck at random", "xqj vzk pwq"],
};

/** The hidden state as squares: filled above 0, hollow below, as large as |h|. */
function squares(H) {
  const COLUMNS = 16;
  const drawing = svg("svg", {
    viewBox: `0 0 ${COLUMNS * 20} ${(H / COLUMNS) * 20}`,
    class: "u-drawing u-squares",
    role: "img",
  });
  const cells = Array.from({ length: H }, () => svg("rect"));
  drawing.append(...cells);
  const refresh = (h, t) => {
    for (const [k, cell] of cells.entries()) {
      const side = Math.sqrt(Math.abs(h[k])) * 17;
      const [x, y] = [(k % COLUMNS) * 20 + 10, Math.floor(k / COLUMNS) * 20 + 10];
      for (const [name, value] of [
        ["x", x - side / 2],
        ["y", y - side / 2],
        ["width", side],
        ["height", side],
      ])
        put(cell, name, value.toFixed(2));
      put(cell, "class", h[k] < 0 ? "u-hollow q-loss" : "u-solid q-h");
    }
    const above = h.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
    const most = h.reduce((best, value, k) => (Math.abs(value) > Math.abs(h[best]) ? k : best), 0);
    put(
      drawing,
      "aria-label",
      `The hidden state after character ${t}: ${H} units in rows of ${COLUMNS}, ${above} above 0 and ` +
        `${H - above} below; the largest is unit ${most} with ${number(h[most], 2)}.`,
    );
  };
  return { drawing, refresh };
}

/** Buttons that write: one character, on and on, one back, all back. */
function writing(model, one) {
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    put(play, "text", "Write on");
  };
  const room = () => [...model.get("written")].length < MOST;
  const play = button("Write on", () => {
    if (playing) return stop();
    playing = setInterval(one, PACE);
    return put(play, "text", "Pause");
  });
  const single = button("One character", () => {
    stop();
    one();
  });
  const shorten = (to) => () => {
    stop();
    to();
  };
  const back = button(
    "Take back",
    shorten(() => one(-1)),
  );
  const clear = button(
    "Clear",
    shorten(() => one(0)),
  );
  const refresh = () => {
    single.disabled = play.disabled = !room();
    if (!room()) stop();
    back.disabled = clear.disabled = model.get("written") === "";
  };
  return { buttons: [single, play, back, clear], refresh, stop };
}

async function render({ model, el }) {
  if (!el.childNodes.length) el.append(html("p", { class: "u-picture" }, "The network's weights are on their way …"));
  const network = unpack(await heavyFile(model, "characters"));
  let steps = [];
  const drawn = (step, n) =>
    pick(tempered(step.p, model.get("temperature"), model.get("k")), mulberry32(model.get("seed"), n));
  /** Write one character more; -1 takes the last one back, 0 all. */
  const one = (count = 1) => {
    const written = model.get("written");
    const to = count > 0 ? written + network.alphabet[drawn(steps.at(-1), steps.length)] : written.slice(0, count);
    write(model, { t: Math.min(model.get("t"), typed.known(model.get("text")).length + to.length), written: to });
    write(model, { t: steps.length });
  };
  const typed = typing(network, LONGEST, {
    read: () => model.get("text"),
    ontyped: (text, n) => {
      buttons.stop();
      write(model, { t: 1, written: "" });
      write(model, { text });
      write(model, { t: n });
    },
  });
  const choose = (t) => write(model, { t });
  const buttons = writing(model, one);
  const parts = {
    strip: textStrip(network, () => model.get("t"), choose),
    guesses: guesses(network, 10),
    squares: squares(network.H),
  };
  const [losses, chances] = [html("p", { class: "u-equation" }), html("p", { class: "u-caption" })];
  const textName = () => Object.keys(TEXTS).find((name) => TEXTS[name][1] === model.get("text")) ?? "own";
  const titles = Object.fromEntries(Object.entries(TEXTS).map(([name, [words]]) => [name, words]));
  const settings = stepSetting("t", () => typed.known(model.get("text")).length + model.get("written").length);
  const character = slider("character", {
    min: 1,
    max: 1,
    step: 1,
    settings,
    read: () => model.get("t"),
    onvalue: choose,
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
    traitSlider(model, "temperature", "temperature", { min: 0, max: 2, step: 0.05 }),
    traitSlider(model, "k", "only the top", { min: 1, max: network.V, step: 1 }),
    traitSlider(model, "seed", "seed", { min: 0, max: 99, step: 1 }),
    character,
  ];
  const patch = (name, words, hollow = "") =>
    html("span", {}, html("span", { class: `u-patch ${hollow}${name}` }), words);
  const legend = (...patches) => html("p", { class: "u-legend" }, ...patches);

  const draw = () => {
    const [text, written, temperature, k, seed, t] = CONTROLS.map((name) => model.get(name));
    const characters = typed.known(text);
    const start = characters.length;
    characters.push(...written);
    if (t > characters.length) return null; // the text became shorter, t follows at once
    if (steps.text !== text + written)
      steps = Object.assign(read(network, characters, steps), { text: text + written });
    const { p, h } = steps[t - 1];
    const q = tempered(p, temperature, k);
    const surprise = steps.map(({ x }, step) => (step ? -Math.log(steps[step - 1].p[x]) : 0));
    const loss = meanLoss(steps);
    const now = {
      n: steps.length,
      loss,
      bits: loss / Math.LN2,
      perplexity: Math.exp(loss),
      p_top: Math.max(...q),
      entropy: entropy(q),
      next: pick(q, mulberry32(seed, t)),
      h_mean: h.reduce((sum, value) => sum + Math.abs(value), 0) / h.length,
    };
    const [here, would] = [shown(characters[t - 1]), shown(network.alphabet[now.next])];
    const came = t > 1 ? `, surprise ${number(surprise[t - 1], 2)} nats` : "";
    parts.strip.refresh({
      text: text + written,
      t,
      typed: start,
      signed: false,
      shares: surprise.map((value) => Math.min(value / FULL, 1)),
      words: "The text, coloured by the network's surprise",
      value: `character ${t} of ${steps.length}, ${here}${came}`,
    });
    parts.guesses.refresh({
      p: q,
      marks: temperature === 1 && k === network.V ? null : p,
      next: now.next,
      words: `The next character after ${t}, at this temperature`,
      note: `this seed draws: ${would}`,
    });
    parts.squares.refresh(h, t);
    put(character.range, "max", steps.length);
    buttons.refresh();
    const foreign = typed.refresh();
    const bits = `${number(loss, 2)} nats = ${number(now.bits, 2)} bits per character`;
    const whole = `${steps.length} characters read. Loss: ${bits}, perplexity ${number(now.perplexity, 1)}.`;
    put(losses, "text", steps.length > 1 ? whole : "One character read: a loss needs a second.");
    const bars = `bars at this temperature, entropy ${number(now.entropy, 2)} nats`;
    put(chances, "text", `What comes after character ${t}: ${bars}; upright lines: at temperature 1, nothing cut`);
    const likeliest = `${shown(network.alphabet[q.indexOf(now.p_top)])}, ${number(now.p_top, 2)}`;
    const skipped = foreign ? `${foreign} kinds of characters are skipped.` : "";
    const said = `Character ${t} of ${steps.length}, ${here}${came}. Likeliest next: ${likeliest}. ${skipped}`;
    return { measures: now, said };
  };

  const late = el.querySelector("textarea")?.value; // while the weights were on their way
  const surprised = `surprise, −ln p of the character when it came, full at ${FULL} nats`;
  const caption = "The hidden state there: a square for each of the 128 units";
  const end = picture(el, {
    model,
    name: "reading u-writing",
    title: "a language model reads and writes",
    traits: CONTROLS,
    draw,
    controls,
    buttons: buttons.buttons,
    layout: ({ row, rows }) => [
      typed.field(...rows, row),
      typed.note,
      typed.skipped,
      legend(patch("q-loss", surprised), html("span", { class: "u-made" }, "written by the network")),
      parts.strip.line,
      losses,
      html(
        "div",
        { class: "u-panels" },
        html("div", {}, chances, parts.guesses.drawing),
        html(
          "div",
          {},
          html("p", { class: "u-caption" }, caption),
          parts.squares.drawing,
          legend(patch("q-h", "above 0"), " ", patch("q-loss", "below 0", "u-ring ")),
        ),
      ),
    ],
  });
  typed.takeOver(late);
  return () => {
    end();
    buttons.stop();
  };
}

export default { render };
