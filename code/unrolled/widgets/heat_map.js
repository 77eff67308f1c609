// The quantities of an LSTM, and all units of one of them over a text as a heat map, drawn as a small PNG.
import { put, svg, unique } from "./drawing.js";

export const QUANTITIES = {
  f: "f, the forget gate",
  i: "i, the input gate",
  o: "o, the output gate",
  g: "C̃, the candidate",
  C: "C, the cell state",
  h: "h, the hidden state",
};
export const LETTERS = { f: "f", i: "i", o: "o", g: "C̃", C: "C", h: "h" };
export const SIGNED = ["g", "C", "h"];
export const BELOW = { g: "gradient", C: "gradient", h: "loss" }; // the palette's colour for negative numbers

/** The numbers of one unit and one quantity over the text, as shares of `full`, the value drawn in full colour. */
export function track(steps, quantity, unit) {
  const values = steps.map((step) => step[quantity][unit]);
  const full = quantity === "C" ? Math.max(...values.map(Math.abs), 1e-9) : 1;
  return { values, full };
}

/** All units, the one with the shortest memory on top, against the characters. */
export function heatMap(order, choose) {
  const H = order.length;
  const [above, below] = [unique("mask"), unique("mask")];
  const image = () => svg("image", { preserveAspectRatio: "none", style: "image-rendering:pixelated" });
  const [plus, minus] = [image(), image()];
  const mask = (id, picture) => svg("mask", { id, "mask-type": "luminance", style: "mask-type:luminance" }, picture);
  const [over, under] = [svg("rect", { mask: `url(#${above})` }), svg("rect", { mask: `url(#${below})` })];
  const [column, row] = [svg("rect", { class: "u-mark" }), svg("rect", { class: "u-mark" })];
  const drawing = svg(
    "svg",
    { class: "u-heat", role: "img", preserveAspectRatio: "none" },
    mask(above, plus),
    mask(below, minus),
    over,
    under,
    column,
    row,
  );
  let drawn;
  const paint = (steps, quantity) => {
    const rows = order.map((unit) => {
      const { values, full } = track(steps, quantity, unit);
      return values.map((value) => value / full);
    });
    put(drawing, "viewBox", `0 0 ${steps.length} ${H}`);
    for (const element of [plus, minus, over, under]) {
      put(element, "width", steps.length);
      put(element, "height", H);
    }
    put(plus, "href", grey(rows));
    put(
      minus,
      "href",
      SIGNED.includes(quantity) ? grey(rows.map((values) => values.map((value) => -value))) : "data:,",
    );
    put(over, "class", `q-${quantity}`);
    put(under, "class", `q-${BELOW[quantity] ?? quantity}`);
    put(under, "display", SIGNED.includes(quantity) ? "inline" : "none");
  };
  const refresh = (steps, t, quantity, unit) => {
    if (drawn?.steps !== steps || drawn.quantity !== quantity) paint(steps, quantity);
    drawn = { steps, quantity };
    const where = { x: t - 1, y: 0, width: 1, height: H };
    for (const [name, value] of Object.entries(where)) put(column, name, value);
    const across = { x: 0, y: order.indexOf(unit), width: steps.length, height: 1 };
    for (const [name, value] of Object.entries(across)) put(row, name, value);
    put(
      drawing,
      "aria-label",
      `Heat map of ${QUANTITIES[quantity]}: ${H} units, sorted by how long they remember, the shortest on ` +
        `top, against ${steps.length} characters. Unit ${unit} is row ${order.indexOf(unit) + 1}.`,
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const place = (share, size) => Math.min(Math.max(Math.floor(share * size), 0), size - 1);
    choose(place(x, drawn.steps.length) + 1, order[place(y, H)]);
  });
  return { drawing, refresh };
}

let crcTable;

function crc(data) {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  let value = 0xffffffff;
  for (const byte of data) value = crcTable[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

const big = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(name, data) {
  const body = [...name].map((c) => c.charCodeAt(0)).concat(data);
  return big(data.length).concat(body, big(crc(body)));
}

/** Numbers from 0 to 1, `rows` of equal length, as a grey PNG of 16 levels: a data URI, stored without compression. */
function grey(rows) {
  const raw = [];
  for (const row of rows) {
    raw.push(0);
    const level = (k) => (row[k] > 0 ? Math.round(15 * row[k]) : 0);
    for (let k = 0; k < row.length; k += 2) raw.push(level(k) * 16 + level(k + 1));
  }
  const [size, rest] = [raw.length, 0xffff - raw.length]; // one stored block holds 65,535 bytes: 128 rows of 200 fit
  let [s, t] = [1, 0];
  for (const byte of raw) {
    s = (s + byte) % 65521;
    t = (t + s) % 65521;
  }
  const stored = [0x78, 1, 1, size & 255, size >> 8, rest & 255, rest >> 8].concat(raw, big(((t << 16) | s) >>> 0));
  const file = [
    137,
    80,
    78,
    71,
    13,
    10,
    26,
    10,
    ...chunk("IHDR", [...big(rows[0].length), ...big(rows.length), 4, 0, 0, 0, 0]),
    ...chunk("IDAT", stored),
    ...chunk("IEND", []),
  ];
  let text = "";
  for (const byte of file) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}
