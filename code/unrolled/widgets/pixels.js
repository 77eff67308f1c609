// A drawing of 28 by 28 pixels: as text, and as MNIST would have it.

export const SIDE = 28;
const PIXELS = SIDE * SIDE;
const LONGEST_SIDE = 20; // pixels: the longer side of MNIST's digits

/** The ink, 784 levels from 0 to 15, of a text as `encoded` of draw_digit.py writes it; null for another text. */
export function decoded(text) {
  if (/[^0-9a-z]/.test(text)) return null;
  const levels = text.replace(/[g-z]/g, (run) => "0".repeat(run.charCodeAt(0) - 101));
  return levels.length === PIXELS ? Uint8Array.from(levels, (level) => Number.parseInt(level, 16)) : null;
}

export function encoded(levels) {
  const text = Array.from(levels, (level) => level.toString(16)).join("");
  return text.replace(/0{2,21}/g, (run) => String.fromCharCode(run.length + 101));
}

/** The ink from 0 to 255, as tasks.digits.fitted has it: the longer side 20 pixels, the centre of mass in the middle. */
export function fitted(ink) {
  const inked = (row, column) => ink[row * SIDE + column] > 0;
  const all = [...Array(SIDE).keys()];
  const down = all.filter((row) => all.some((column) => inked(row, column)));
  const across = all.filter((column) => all.some((row) => inked(row, column)));
  const place = new Uint8Array(PIXELS);
  if (!down.length) return place;
  const columns = all.slice(across[0], across.at(-1) + 1);
  let rows = all.slice(down[0], down.at(-1) + 1).map((row) => columns.map((column) => ink[row * SIDE + column]));
  const longer = Math.max(rows.length, columns.length);
  if (longer !== LONGEST_SIDE) {
    const size = (n) => Math.max(1, Math.floor((n * LONGEST_SIDE) / longer + 0.5));
    const [height, width] = [size(rows.length), size(columns.length)];
    const scaled = turned(between(turned(between(rows, height)), width));
    rows = scaled.map((row) => row.map((value) => Math.floor(value + 0.5)));
  }
  const sums = (lines) => lines.map((line) => line.reduce((sum, value) => sum + value, 0));
  const [y, x] = [start(sums(rows)), start(sums(turned(rows)))];
  for (const [row, line] of rows.entries()) place.set(line, (y + row) * SIDE + x);
  return place;
}

const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]));

/** `count` rows at equal distances in place of these, each between its two neighbours. */
function between(rows, count) {
  return Array.from({ length: count }, (_, k) => {
    const at = Math.min(Math.max(((k + 0.5) * rows.length) / count - 0.5, 0), rows.length - 1);
    const low = Math.floor(at);
    const [share, next] = [at - low, rows[Math.min(low + 1, rows.length - 1)]];
    return rows[low].map((value, column) => value * (1 - share) + next[column] * share);
  });
}

/** Where these lines of ink begin, so that their centre of mass comes to the middle. */
function start(sums) {
  const mass = sums.reduce((sum, value) => sum + value, 0);
  const centre = sums.reduce((sum, value, k) => sum + k * value, 0) / mass;
  return Math.min(Math.max(Math.floor(SIDE / 2 - centre + 0.5), 0), SIDE - sums.length);
}
