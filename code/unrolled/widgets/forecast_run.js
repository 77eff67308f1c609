// What the forecaster predicts and makes alone with the picture's settings, and the numbers that are said of it.
import { carry, predict, reread } from "./forecaster.js";

export const [READ, RESOLUTION] = [20, 0.1]; // values that the network is given, and the time between two
const LIMIT = 1e6; // beyond it the network has diverged

export const series = (t) => (t * Math.sin(t)) / 3 + 2 * Math.sin(5 * t);
const root = (squares) => Math.sqrt(mean(squares));
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
export const largestOf = (list) => list.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** All that is shown. real: the series where it is read and after; null for zeros, which no series goes on from. */
export function compute(nets, { updates, seed, start, way, steps }) {
  const at = (k) => series(start + RESOLUTION * k);
  const real = seed === "series" ? Float64Array.from({ length: READ + steps }, (_, k) => at(k)) : null;
  const read = real ? real.subarray(0, READ) : new Float64Array(READ);
  const all = way === "reread" ? reread(nets[updates], read, steps, READ) : carry(nets[updates], read, steps);
  const beyond = all.findIndex((value) => !(Math.abs(value) <= LIMIT));
  const made = beyond < 0 ? all : all.subarray(0, beyond);
  return { real, read, made, predicted: predict(nets[updates], read), from: real ? start : 0 };
}

export function measures({ real, made, predicted }, { updates, start, steps, t }) {
  const [kept, value] = [made.length, made[Math.min(t, made.length) - 1]];
  const found = { updates, start, steps, t, kept, diverged: Number(kept < steps) };
  Object.assign(found, { value, last: made[kept - 1], largest: largestOf(made) });
  if (!real) return found;
  const wrong = predicted.map((y, k) => (y - real[k + 1]) ** 2);
  const off = made.map((y, k) => (y - real[READ + k]) ** 2);
  Object.assign(found, { mse: mean(wrong), mse_first: wrong[0], mse_last: wrong[READ - 1] });
  return Object.assign(found, { rmse20: root(off.subarray(0, 20)), rmse: root(off) });
}
