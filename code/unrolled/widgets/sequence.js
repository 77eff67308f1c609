// The only two places that loop over time: `unroll` reads a sequence forwards, `bptt` backwards. As unrolled's
// sequence.py, with one difference: `unroll` returns a run, which remembers all that `bptt` needs.

import { addProduct, addProductT, addRows, addTProduct } from "./products.js";

/**
 * Apply the same cell with the same params to every step of a sequence.
 *
 * xs: (T, B, D), flat, of the params' type; or an Int32Array (T, B) of numbers from 0 to D - 1, each of which stands
 * for a row that is 1 there and else 0. state: before the first step, a dict of arrays (B, H); null is zeros for one
 * sequence, or as many as `B` says. lengths: (B,) whole numbers from 1 to T; beyond its length a sequence is padding.
 * run: what an earlier call returned; where the sizes are the same its arrays are written over and nothing is made.
 * Returns a run: ys (T, B, H); states, a dict of arrays (T + 1, B, H), the first state in front; gates, a dict of
 * arrays (T, B, H); T, B, D, H. Throws TypeError or RangeError, naming the argument.
 */
export function unroll(cell, params, xs, state = null, { B = state ? 0 : 1, lengths = null, run = null } = {}) {
  const { D, H, Float } = checkParams(cell, params);
  if (state) B = checkState("state", cell, state, 0, H, Float);
  const oneHot = xs instanceof Int32Array;
  const T = checkSequence(xs, oneHot ? null : Float, checkSize("B", B), D);
  if (!hasSizes(run, cell, Float, oneHot, T, B, D, H)) run = makeRun(cell, Float, oneHot, T, B, D, H);
  run.lengths = lengths && checkLengths(lengths, T, B);
  run.xs.set(xs);
  clearPadding(run, run.xs, oneHot ? 1 : D);
  splitWeights(run, params);
  for (const field of cell.fields) state ? run.states[field].set(state[field]) : run.states[field].fill(0, 0, B * H);
  addInputs(run); // the input's part does not wait for time: one product for all steps
  for (const [t, now] of run.steps.entries()) {
    cell.forward(run, now);
    if (lengths) for (const field of cell.fields) hold(run, t, now[field], now.before[field]);
  }
  run.ys.set(run.states.h.subarray(B * H));
  clearPadding(run, run.ys, H);
  return run;
}

/**
 * Backpropagation through time: the gradient of a loss with respect to everything `unroll` read.
 *
 * run: as `unroll` returned it. d_ys (T, B, H) says how the loss changes with each output, d_state, a dict of arrays
 * (B, H), how it changes with the last state (null is zeros). Returns d_params (like params), d_xs (like xs; null for
 * an Int32Array) and d_states, (T + 1, B, H) by name; they are written over when the same run is read back again.
 */
export function bptt(run, d_ys, d_state = null) {
  const { cell, T, B, D, H, Float } = run;
  checkArray("d_ys", d_ys, [T, B, H], Float);
  if (d_state) checkState("d_state", cell, d_state, B, H, Float);
  run.back ??= makeBack(run);
  const { d_xs, d_states, d_params, all, blocks } = run.back;
  run.back.d_ys.set(d_ys);
  clearPadding(run, run.back.d_ys, H);
  for (const field of cell.fields) {
    if (d_state) d_states[field].set(d_state[field], T * B * H);
    else d_states[field].fill(0, T * B * H);
  }
  for (let t = T - 1; t >= 0; t -= 1) {
    const d = run.back.steps[t];
    cell.backward(run, run.steps[t], d);
    if (run.lengths) {
      for (const field of cell.fields) hold(run, t, d[field], d.after[field]);
      for (const name of [...cell.gates, ...cell.spare]) hold(run, t, d[name], null);
    }
  }
  for (const array of Object.values(d_params)) array.fill(0);
  for (const array of [...Object.values(blocks.W_ih), ...Object.values(blocks.W_hh)]) array.fill(0);
  // All steps share the weights, so their gradient is one product over all T·B rows.
  cell.weightGrads(run, all, run.d, { ...d_params, W_hh: blocks.W_hh });
  d_xs?.fill(0);
  cell.gates.forEach((gate, block) => {
    const d_a = run.d[gate];
    if (d_xs) {
      addTProduct(blocks.W_ih[gate], run.xs, d_a, D, H);
      addProductT(d_xs, d_a, run.W_ih[gate], H, D);
    } else run.xs.forEach((x, row) => addRow(blocks.W_ih[gate], x, d_a, row, H));
    addRows(d_params.b.subarray(block * H, (block + 1) * H), d_a);
    putBlock(d_params.W_ih, blocks.W_ih[gate], block, cell.gates.length, H);
    putBlock(d_params.W_hh, blocks.W_hh[gate], block, cell.gates.length, H);
  });
  return { d_params, d_xs, d_states };
}

/** The state after the last step, as the first one of a next sequence. */
export function lastState({ cell, states, T, B, H }) {
  return Object.fromEntries(cell.fields.map((field) => [field, states[field].slice(T * B * H)]));
}

/** a = b + x W_ih of every step, gate by gate. */
function addInputs({ cell, gates, params, xs, oneHot, W_ih, D, H }) {
  cell.gates.forEach((gate, block) => {
    const [a, b] = [gates[gate], params.b.subarray(block * H, (block + 1) * H)];
    for (let q = 0; q < a.length; q += H) a.set(b, q);
    if (!oneHot) addProduct(a, xs, W_ih[gate], D, H);
    else xs.forEach((x, row) => addRow(a, row, W_ih[gate], x, H));
  });
}

/** Row number `row` of `to` += row number `other` of `from`, H numbers. */
function addRow(to, row, from, other, H) {
  for (let j = 0; j < H; j += 1) to[row * H + j] += from[other * H + j];
}

/** Rows that are padding at step t, counted from 0: what stands there in `to` is that of `from`, or 0. */
function hold({ lengths, B, H }, t, to, from) {
  for (let row = 0; row < B; row += 1) {
    if (t < lengths[row]) continue;
    for (let q = row * H; q < (row + 1) * H; q += 1) to[q] = from ? from[q] : 0;
  }
}

function clearPadding({ lengths, T, B }, array, N) {
  for (let row = 0; lengths && row < T * B; row += 1) {
    if (Math.floor(row / B) >= lengths[row % B]) array.fill(0, row * N, (row + 1) * N);
  }
}

/** Write an array (rows, H) into block number `block` of k that stand side by side, (rows, kH). */
export function putBlock(to, array, block, k, H) {
  for (let row = 0; row * H < array.length; row += 1) {
    to.set(array.subarray(row * H, (row + 1) * H), (row * k + block) * H);
  }
}

/** The weights of each gate, taken out of their rows. */
function splitWeights(run, params) {
  const { cell, H } = run;
  run.params = params;
  for (const name of ["W_ih", "W_hh"]) {
    cell.gates.forEach((gate, block) => {
      const [to, k] = [run[name][gate], cell.gates.length];
      for (let j = 0; j < to.length; j += H) {
        const from = (j / H) * k * H + block * H;
        for (let q = 0; q < H; q += 1) to[j + q] = params[name][from + q];
      }
    });
  }
}

// --- The arrays, made once ---------------------------------------------------------------------------------------

const byName = (names, make) => Object.fromEntries(names.map((name) => [name, make(name)]));
const slices = (arrays, from, to) => byName(Object.keys(arrays), (name) => arrays[name].subarray(from, to));

function hasSizes(run, ...sizes) {
  return run?.sizes.every((size, i) => size === sizes[i]) ?? false;
}

function makeRun(...sizes) {
  const [cell, Float, oneHot, T, B, D, H] = sizes;
  const N = B * H;
  const gates = byName(cell.gates, () => new Float(T * N));
  const kept = byName(cell.kept, () => new Float(T * N));
  const states = byName(cell.fields, () => new Float((T + 1) * N));
  const steps = Array.from({ length: T }, (_, t) => ({
    ...slices({ ...gates, ...kept }, t * N, (t + 1) * N),
    ...slices(states, (t + 1) * N, (t + 2) * N),
    before: slices(states, t * N, (t + 1) * N),
  }));
  return {
    sizes,
    cell,
    Float,
    oneHot,
    T,
    B,
    D,
    H,
    gates,
    kept,
    states,
    steps,
    xs: oneHot ? new Int32Array(T * B) : new Float(T * B * D),
    ys: new Float(T * N),
    W_ih: byName(cell.gates, () => new Float(D * H)),
    W_hh: byName(cell.gates, () => new Float(H * H)),
  };
}

function makeBack(run) {
  const { cell, Float, oneHot, T, B, D, H, gates, kept, states } = run;
  const N = B * H;
  const d_states = byName(cell.fields, () => new Float((T + 1) * N));
  const d_ys = new Float(T * N);
  run.d = byName([...cell.gates, ...cell.spare], () => new Float(T * N));
  return {
    d_states,
    d_ys,
    d_xs: oneHot ? null : new Float(T * B * D),
    d_params: byName(Object.keys(run.params), (name) => new Float(run.params[name].length)),
    blocks: byName(["W_ih", "W_hh"], (name) => byName(cell.gates, () => new Float((name === "W_ih" ? D : H) * H))),
    all: { ...gates, ...kept, ...slices(states, N), before: slices(states, 0, T * N) },
    steps: Array.from({ length: T }, (_, t) => ({
      ...slices(run.d, t * N, (t + 1) * N),
      output: d_ys.subarray(t * N, (t + 1) * N),
      ...slices(d_states, t * N, (t + 1) * N),
      after: slices(d_states, (t + 1) * N, (t + 2) * N),
    })),
  };
}

// --- Checks at the door: each error names the argument, what was expected and what came -----------------------------

/** Return `value` if it is a whole number of at least 1. */
export function checkSize(name, value) {
  if (Number.isInteger(value) && value >= 1) return value;
  throw RangeError(`${name}: expected a whole number of at least 1, got ${value}`);
}

function checkArray(name, array, shape, Float) {
  const words = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  if (!(array instanceof Float)) {
    throw TypeError(`${name}: expected a ${Float.name} ${words}, got ${array?.constructor?.name ?? array}`);
  }
  const length = shape.reduce((a, b) => a * b);
  if (array.length !== length) throw RangeError(`${name}: expected ${length} numbers, ${words}, got ${array.length}`);
  for (let q = 0; q < length; q += 1) {
    if (!Number.isFinite(array[q])) throw RangeError(`${name}: expected finite numbers, got ${array[q]} at index ${q}`);
  }
}

/** The sizes that params have. */
function checkParams(cell, params) {
  const missing = (name) => TypeError(`params: ${name} is missing; ${cell.name}.init makes all of them`);
  const { b, W_ih } = params;
  if (!b) throw missing("b");
  if (!W_ih) throw missing("W_ih");
  const Float = b instanceof Float32Array ? Float32Array : Float64Array;
  const H = checkSize(`H, the length of params.b divided by ${cell.gates.length}`, b.length / cell.gates.length);
  const D = checkSize("D, the length of params.W_ih divided by that of b", W_ih.length / b.length);
  for (const [name, shape] of Object.entries(cell.shapes(D, H))) {
    if (!params[name]) throw missing(name);
    checkArray(`params.${name}`, params[name], shape, Float);
  }
  return { D, H, Float };
}

/** The state's B, which must be this one where it is not 0. */
function checkState(name, cell, state, B, H, Float) {
  for (const field of cell.fields) {
    if (!state[field]) throw TypeError(`${name}: expected a dict with ${cell.fields.join(", ")}; ${field} is missing`);
    B ||= checkSize(`B, the length of ${name}.${field} divided by H = ${H}`, state[field].length / H);
    checkArray(`${name}.${field}`, state[field], [B, H], Float);
  }
  return B;
}

function checkSequence(xs, Float, B, D) {
  const row = Float ? B * D : B;
  const T = Math.max(1, Math.floor((xs?.length ?? 0) / row));
  checkArray("xs", xs, Float ? [T, B, D] : [T, B], Float ?? Int32Array);
  if (Float) return T;
  const wrong = xs.find((x) => x < 0 || x >= D);
  if (wrong !== undefined) throw RangeError(`xs: expected numbers from 0 to ${D - 1}, got ${wrong}`);
  return T;
}

function checkLengths(lengths, T, B) {
  if (lengths.length === B && Array.from(lengths).every((n) => Number.isInteger(n) && n >= 1 && n <= T)) return lengths;
  throw RangeError(`lengths: expected ${B} whole numbers from 1 to T = ${T}, got ${Array.from(lengths).join(", ")}`);
}
