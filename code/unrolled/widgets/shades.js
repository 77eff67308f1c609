// Many numbers as colours: two small PNGs that let two of the palette's colours through.
import { put, svg, unique } from "./drawing.js";

/** Numbers from -1 to 1, `rows` of them, as an image: those above 0 in one colour, those below in another.
 * place: x, y, width and height in the drawing; a unit for each number unless given. */
export function shades(place = {}) {
  const image = () => svg("image", { preserveAspectRatio: "none", style: "image-rendering:pixelated", ...place });
  const colour = () => {
    const [id, picture] = [unique("mask"), image()];
    const mask = svg("mask", { id, "mask-type": "luminance", style: "mask-type:luminance" }, picture);
    return { mask, picture, rect: svg("rect", { mask: `url(#${id})`, ...place }) };
  };
  const [over, under] = [colour(), colour()];
  /** above, below: the names of the quantities that wear the colours; no `below` where no number is negative. */
  const paint = (rows, above, below = null) => {
    const size = { width: rows[0].length, height: rows.length, ...place };
    for (const element of [over.picture, under.picture, over.rect, under.rect]) {
      put(element, "width", size.width);
      put(element, "height", size.height);
    }
    put(over.picture, "href", grey(rows));
    put(under.picture, "href", below ? grey(rows.map((values) => values.map((value) => -value))) : "data:,");
    put(over.rect, "class", `u-shade q-${above}`);
    put(under.rect, "class", `u-shade q-${below ?? above}`);
    put(under.rect, "display", below ? "inline" : "none");
  };
  return { parts: [over.mask, under.mask, over.rect, under.rect], paint };
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
