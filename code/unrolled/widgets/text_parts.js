// What the pictures share in which a trained network reads: a place to type, the text in tiles, what comes next.
import { html, label, number, put, svg, unique } from "./drawing.js";

export const shown = (character) => ({ "\n": "line break", " ": "space" })[character] ?? character;
const glyph = (character) => ({ "\n": "↵", " ": "\u00a0" })[character] ?? character;

/** A text, a tile for each character, coloured and with a bar below. Arrow keys and a click choose. */
export function textStrip(network, read, choose) {
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
  /** shares: a number from -1 to 1 for each character that is read. typed: how many of them the reader wrote. */
  const refresh = ({ text, t, shares, signed, words, value, typed = shares.length }) => {
    if (line.text !== text) place(text);
    for (const [k, share] of shares.entries()) {
      put(
        tiles[k],
        "class",
        `u-tile${share < 0 ? " u-below" : ""}${k >= typed ? " u-made" : ""}${k === t - 1 ? " u-chosen" : ""}`,
      );
      put(tiles[k], "style", `--v:${Math.abs(share).toFixed(3)}`);
    }
    put(line, "class", `u-strip${signed ? " u-signed" : ""}`);
    put(line, "aria-label", words);
    put(line, "aria-valuemax", shares.length);
    put(line, "aria-valuenow", t);
    put(line, "aria-valuetext", value);
  };
  line.addEventListener("click", (event) => {
    const tile = event.target.closest?.("[data-t]");
    if (tile) choose(Number(tile.getAttribute("data-t")));
  });
  line.addEventListener("keydown", (event) => {
    const [now, last] = [read(), tiles.length];
    const to = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      Home: 1,
      End: last,
      PageDown: now - 10,
      PageUp: now + 10,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(Math.max(to, 1), last));
  });
  return { line, refresh };
}

/** The likeliest next characters as bars, `rows` of them. */
export function guesses(network, rows) {
  const low = 27 * rows;
  const drawing = svg("svg", { viewBox: `0 0 300 ${low + 21}`, class: "u-drawing u-guesses", role: "img" });
  /** p: the bars. marks: the same before it was changed, or null. next: the number of what came, or null. */
  const refresh = ({ p, marks = null, next, words, note }) => {
    const before = marks ?? p;
    const best = Array.from(p, (value, k) => [value, k])
      .sort((a, b) => b[0] - a[0] || before[b[1]] - before[a[1]])
      .slice(0, rows);
    const list = best
      .filter(([value]) => value > 0)
      .map(([value, k]) => `${shown(network.alphabet[k])} ${number(value, 2)}`);
    put(drawing, "aria-label", `${words}: ${list.join(", ")}. ${note}.`);
    drawing.replaceChildren(
      ...best.flatMap(([value, k], row) => [
        label(74, 27 * row + 18, shown(network.alphabet[k]), k === next ? "u-strong" : "", "end"),
        svg("rect", {
          x: 84,
          y: 27 * row + 3,
          width: Math.max(value * 150, 0.5).toFixed(2),
          height: 20,
          class: "u-bar q-y",
        }),
        ...(marks
          ? [
              svg("line", {
                x1: (84 + marks[k] * 150).toFixed(2),
                x2: (84 + marks[k] * 150).toFixed(2),
                y1: 27 * row + 1,
                y2: 27 * row + 25,
                class: "u-wire u-ink",
              }),
            ]
          : []),
        label((90 + Math.max(value, before[k]) * 150).toFixed(2), 27 * row + 18, number(value, 2), "u-value", "start"),
      ]),
      label(0, low + 17, note, "u-note", "start"),
    );
  };
  return { drawing, refresh };
}

/** A text field, and what it complains about. read: () -> the text; ontyped: a new text that can be read. */
export function typing(network, longest, { read, ontyped }) {
  const id = unique("text");
  const known = (text) => [...text].filter((character) => network.number.has(character));
  const area = html(
    "textarea",
    { id, rows: 4, maxlength: longest, spellcheck: "false", autocapitalize: "off", autocomplete: "off" },
    read(),
  );
  const [note, skipped] = [html("p", { class: "u-warning", role: "alert" }), html("p", { class: "u-warning" })];
  const retype = (text) => {
    const n = known(text).length;
    put(
      note,
      "text",
      n ? "" : text ? "The network knows none of these characters." : "Type something for the network to read.",
    );
    if (n) ontyped(text, n);
  };
  area.addEventListener("input", () => retype(area.value));
  const field = (...controls) =>
    html(
      "div",
      { class: "u-controls" },
      html("div", { class: "u-written" }, html("label", { for: id }, "read this"), area),
      ...controls,
    );
  /** Show the text as it is now; returns how many kinds of characters are skipped. */
  const refresh = () => {
    if (area.value !== read() && known(area.value).length) area.value = read();
    const foreign = [...new Set([...read()].filter((character) => !network.number.has(character)))];
    put(skipped, "text", foreign.length ? `Skipped, because the eight plays never use them: ${foreign.join(" ")}` : "");
    return foreign.length;
  };
  /** Take over what was typed into the drawing while the weights were on their way. */
  const takeOver = (typed) => {
    if (!typed || typed === read()) return;
    area.value = typed;
    retype(typed);
  };
  return { area, note, skipped, known, retype, field, refresh, takeOver };
}
