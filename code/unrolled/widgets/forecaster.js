// A network that says what comes next, and goes on alone: as unrolled's networks/forecaster.py, for one series.
import { RNN } from "./cells.js";
import { bytes } from "./heavy_file.js";
import { Readout } from "./learning.js";
import { addProduct } from "./products.js";
import { lastState, unroll } from "./sequence.js";

const CELL = new RNN("relu");

/** {updates: params}, from what `unrolled.trained.forecaster_for_page` packed. */
export function unpackMoments({ sizes, moments }) {
  const params = (packed) => {
    const numbers = Float64Array.from(new Float32Array(bytes(packed).buffer));
    let at = 0;
    const taken = ([name, size]) => [name, numbers.subarray(at, (at += size))];
    return Object.fromEntries(Object.entries(sizes).map(taken));
  };
  return Object.fromEntries(Object.entries(moments).map(([updates, packed]) => [updates, params(packed)]));
}

/** values (T,) -> what is predicted after each of them, (T,), from a zero state. */
export function predict(params, values) {
  return new Readout().forward(params, unroll(CELL, params, values).ys);
}

/** Read the last `window` values from a zero state, append what comes next, `steps` times; returns the new ones. */
export function reread(params, values, steps, window) {
  const [all, readout, H] = [new Float64Array(values.length + steps), new Readout(), params.b.length];
  all.set(values);
  let run = null;
  for (let n = values.length; n < all.length; n += 1) {
    run = unroll(CELL, params, all.subarray(n - window, n), null, { run });
    all[n] = readout.forward(params, run.ys.subarray((window - 1) * H))[0];
  }
  return all.subarray(values.length);
}

/** The params of a cell that reads its own predictions, as those of a network without input. */
function closedLoop(params) {
  const [W_hh, b] = [params.W_hh.slice(), params.b.slice()];
  const [V, H] = [params.b_y.length, b.length];
  addProduct(W_hh, params.W_hy, params.W_ih, V, H);
  addProduct(b, params.b_y, params.W_ih, V, H);
  return { ...params, W_hh, b };
}

/** Go on with the state carried along: `steps` new values. */
export function carry(params, values, steps) {
  const read = unroll(CELL, params, values);
  const H = params.b.length;
  const made = new Float64Array(steps * H); // the outputs that the predictions are made of
  made.set(read.ys.subarray(-H));
  if (steps > 1) made.set(unroll(CELL, closedLoop(params), new Float64Array(steps - 1), lastState(read)).ys, H);
  return new Readout().forward(params, made);
}
