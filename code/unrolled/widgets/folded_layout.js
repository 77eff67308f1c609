// A TensorFlow graph folded by name scope: which boxes and arrows are shown, and where they stand.

const [OPERATION, SCOPE, HEADER] = [26, 40, 28]; // heights: of an operation, a closed scope, the title of an open one
const [EDGE, GAP, BELOW] = [8, 8, 22]; // inside a frame, between boxes of a row, between two rows
const LANE = 5; // between two ways that pass boxes
const LETTER = 7.4; // wider than a letter of 12 pixels is on average: the same in Node, which has no fonts

export const last = (name) => name.slice(name.lastIndexOf("/") + 1);
const source = (input) => input.split(":")[0];
/** The scopes around a name, the outermost first. */
const around = (name) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));
export const depth = (scope) => scope.split("/").length;
export const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** A graph's operations, by id, and its scopes, by name; nodes: [[name, op, inputs], ...]. */
export function readGraph(nodes) {
  const scopes = new Map();
  for (const [name] of nodes) for (const scope of around(name)) scopes.set(scope, []);
  const ids = new Map(nodes.map(([name]) => [name, scopes.has(name) ? `${name}/(${last(name)})` : name]));
  const operations = new Map();
  for (const [name, op, inputs] of nodes) {
    const id = ids.get(name);
    const reads = inputs.filter((input) => !input.startsWith("^")).map((input) => ids.get(source(input)));
    operations.set(id, { name, op, inputs, reads });
    for (const scope of around(id)) scopes.get(scope).push(id);
  }
  const levels = Math.max(...[...scopes.keys()].map(depth));
  return { operations, scopes, levels };
}

/** The scopes of `graph` that stand open when those in `words` are opened. */
export function standing(graph, words) {
  const asked = words.split(",").map((name) => `${name}/`);
  return new Set([...graph.scopes.keys()].filter((scope) => asked.some((name) => name.startsWith(`${scope}/`))));
}

/** Open scopes in words: those within which no other stands open. */
export const inWords = (open) =>
  [...open].filter((scope) => ![...open].some((other) => other.startsWith(`${scope}/`))).join(",");

/** Where an operation is seen: itself, or the closed scope that holds it. */
export const seenAs = (id, open) => around(id).find((scope) => !open.has(scope)) ?? id;

/** The boxes and arrows that are shown: {boxes, arrows: [[from, to], ...]}. */
export function fold(graph, open) {
  const [boxes, arrows] = [new Set(), new Map()];
  for (const [id, { reads }] of graph.operations) {
    const to = seenAs(id, open);
    boxes.add(to);
    for (const read of reads) {
      const from = seenAs(read, open);
      if (from !== to) arrows.set(`${from} ${to}`, [from, to]);
    }
  }
  return { boxes: [...boxes], arrows: [...arrows.values()] };
}

/** The row of each box: below all that it reads from, as in graphs.py. What reads nothing stands above its reader. */
function rowsOf(boxes, arrows) {
  const [row, reads, readers] = [new Map(), new Map(), new Map()];
  for (const box of boxes) {
    reads.set(box, []);
    readers.set(box, []);
  }
  for (const [from, to] of arrows) {
    reads.get(to).push(from);
    readers.get(from).push(to);
  }
  const place = (box, above) => {
    if (!row.has(box)) {
      const from = reads.get(box).filter((other) => !above.has(other)); // an arrow back is not followed
      row.set(box, 1 + Math.max(-1, ...from.sort().map((other) => place(other, new Set([...above, box])))));
    }
    return row.get(box);
  };
  for (const box of boxes) place(box, new Set());
  for (const box of boxes)
    if (!reads.get(box).length && readers.get(box).length)
      row.set(box, Math.max(0, Math.min(...readers.get(box).map((other) => row.get(other))) - 1));
  return row;
}

/** TensorFlow's arrow back: what a NextIteration computes is read in the next turn of the loop. */
const isBack = (graph, from) => graph.operations.get(from)?.op === "NextIteration";

/** By frame ("" is the whole drawing) what stands in it, and the arrows between that. */
function frames(graph, { boxes, arrows }) {
  const found = new Map([["", { inside: new Set(), between: new Map() }]]);
  const chain = (box) => ["", ...around(box), box];
  for (const box of boxes) {
    const path = chain(box);
    for (let i = 1; i < path.length; i += 1) {
      if (!found.has(path[i - 1])) found.set(path[i - 1], { inside: new Set(), between: new Map() });
      found.get(path[i - 1]).inside.add(path[i]);
    }
  }
  for (const [from, to] of arrows) {
    if (isBack(graph, from)) continue;
    const [a, b] = [chain(from), chain(to)];
    const i = a.findIndex((name, k) => name !== b[k]);
    found.get(a[i - 1]).between.set(`${a[i]} ${b[i]}`, [a[i], b[i]]);
  }
  return found;
}

/** Boxes of one row in lines that are not wider than `width`. */
function lines(row, sizes, width) {
  const made = [];
  let room = -1;
  for (const name of row) {
    const wide = sizes.get(name).width;
    if (wide > room) {
      made.push([]);
      room = width;
    }
    made.at(-1).push(name);
    room -= wide + GAP;
  }
  return made;
}

/**
 * Where arrows pass the boxes between their ends: Map of an arrow to x, or to null where nothing is between. The way
 * passes as few boxes as it can, and other arrows only where there is no room beside them.
 */
export function lanes(arrows, places, width) {
  const [boxes, taken, found] = [[...places.values()].filter(({ frame }) => !frame), [], new Map()];
  for (const arrow of arrows) {
    const [from, to] = arrow.map((name) => places.get(name));
    const [top, bottom] = [from.y + from.height, to.y];
    const between = boxes.filter(
      (box) => box.y + box.height > top + 4 && box.y < bottom - 10 && box !== to && box !== from,
    );
    found.set(arrow, null);
    if (!between.length) continue;
    const middle = (from.x + from.width / 2 + to.x + to.width / 2) / 2;
    const cost = Array.from({ length: Math.floor(width / LANE) }, (_, k) => Math.abs((k + 0.5) * LANE - middle) / 4);
    const add = (left, right, price) => {
      for (let k = Math.max(Math.ceil(left / LANE - 0.5), 0); k < cost.length && (k + 0.5) * LANE <= right; k += 1)
        cost[k] += price;
    };
    for (const box of between) add(box.x - 2, box.x + box.width + 2, 100);
    for (const other of taken)
      if (other.arrow[0] !== arrow[0] && other.top < bottom && other.bottom > top) add(other.x, other.x, 12);
    const x = (cost.indexOf(Math.min(...cost)) + 0.5) * LANE;
    found.set(arrow, x);
    taken.push({ arrow, x, top, bottom });
  }
  return found;
}

/**
 * Where everything stands in a drawing of this width: {places, height}. places: Map of a name to {x, y, width, height,
 * frame}, a frame before what stands in it.
 */
export function layout(graph, folded, width) {
  const [inside, places] = [frames(graph, folded), new Map()];
  /** The size of a box or a frame, and of a frame where its boxes stand in it. */
  const measured = (name, room) => {
    const words = last(name).length;
    if (!inside.has(name)) {
      const closed = graph.scopes.has(name);
      const count = closed ? many(graph.scopes.get(name).length, "operation").length : 0;
      return {
        width: Math.ceil(Math.max(words + (closed ? 2 : 0), count) * LETTER) + 14,
        height: closed ? SCOPE : OPERATION,
      };
    }
    const { inside: boxes, between } = inside.get(name);
    const sizes = new Map([...boxes].map((box) => [box, measured(box, room - 2 * EDGE)]));
    const row = rowsOf([...boxes], [...between.values()]);
    const below = Array.from({ length: 1 + Math.max(...row.values()) }, (_, k) =>
      [...boxes].filter((box) => row.get(box) === k),
    );
    const reads = new Map([...boxes].map((box) => [box, []]));
    for (const [from, to] of between.values()) reads.get(to).push(from);
    const all = below.map((names) => lines(names, sizes, room - 2 * EDGE));
    const wide = (line) => line.reduce((sum, box) => sum + sizes.get(box).width + GAP, -GAP);
    const title = name ? (words + 2 + many(graph.scopes.get(name).length, "operation").length + 2) * LETTER : 0;
    const across = name ? Math.ceil(Math.max(...all.flat().map(wide), title)) : room - 2 * EDGE;
    let y = name ? HEADER + EDGE : EDGE;
    const [at, middles] = [[], new Map()];
    /** Where, on average, what a box reads stands. */
    const above = (box) => {
      const seen = reads
        .get(box)
        .filter((other) => middles.has(other))
        .map((other) => middles.get(other));
      return seen.length ? seen.reduce((sum, x) => sum + x) / seen.length : EDGE + across / 2;
    };
    for (const line of all.flat()) {
      const spare = (across - wide(line)) / line.length;
      let x = EDGE + spare / 2;
      const high = Math.max(...line.map((box) => sizes.get(box).height));
      for (const box of [...line].sort((a, b) => above(a) - above(b))) {
        const size = sizes.get(box);
        at.push([box, x, y + (high - size.height) / 2, size]);
        middles.set(box, x + size.width / 2);
        x += size.width + GAP + spare;
      }
      y += high + BELOW;
    }
    return { width: across + 2 * EDGE, height: y - BELOW + EDGE, at };
  };
  const round = (value) => Math.round(10 * value) / 10;
  const put = (at, left, top) => {
    for (const [name, x, y, size] of at) {
      const box = { x: round(left + x), y: round(top + y), width: round(size.width), height: round(size.height) };
      places.set(name, { ...box, frame: Boolean(size.at) });
      if (size.at) put(size.at, left + x, top + y);
    }
  };
  const whole = measured("", width);
  put(whole.at, 0, 0);
  return { places, height: round(whole.height) };
}

export function measuresOf(graph, folded, open, chosen) {
  const shut = [...graph.scopes.keys()].filter((scope) => !open.has(scope));
  return {
    operations: graph.operations.size,
    boxes: folded.boxes.length,
    arrows: folded.arrows.length,
    scopes: graph.scopes.size,
    open: open.size,
    levels: Math.min(graph.levels, ...shut.map((scope) => depth(scope) - 1)),
    chosen: graph.scopes.get(chosen)?.length ?? (chosen ? 1 : 0),
  };
}
