// What training needs beside the cells: a readout, losses and Adam, as in unrolled's readout.py and optim.py. Arrays
// are flat; what is written over is allocated once.

import { glorotUniform } from "./initializers.js";
import { addProduct, addProductT, addRows, addTProduct } from "./products.js";
import { mulberry32 } from "./writing.js";

/** A function that draws from [0, 1), the same numbers for the same seed. */
export function generator(seed) {
  let n = 0;
  return () => mulberry32(seed, n++);
}

/** From the hidden state to an answer: logits = h W_hy + b_y for every row. W_hy (H, V), b_y (V,). */
export class Readout {
  /** Draw params: W_hy Glorot uniform, b_y zero. */
  init(rng, H, V, { Float = Float64Array } = {}) {
    return { W_hy: Float.from(glorotUniform(rng, H, V)), b_y: new Float(V) };
  }

  /** h (rows, H) gives the logits (rows, V), written over by the next call with as many rows. */
  forward(params, h) {
    const [V, { W_hy }] = [params.b_y.length, params];
    const [H, Float] = [W_hy.length / V, W_hy.constructor];
    const rows = h.length / H;
    if (!Number.isInteger(rows)) throw RangeError(`h: expected rows of H = ${H} numbers, got ${h.length}`);
    if (this.logits?.length !== rows * V) this.logits = new Float(rows * V);
    for (let at = 0; at < rows * V; at += V) this.logits.set(params.b_y, at);
    addProduct(this.logits, h, W_hy, H, V);
    return this.logits;
  }

  /** Read backwards: [d_params, d_h]. */
  backward(params, h, d_logits) {
    const [V, { W_hy, b_y }] = [params.b_y.length, params];
    const [H, Float] = [W_hy.length / V, W_hy.constructor];
    if (this.d_h?.length !== h.length) this.d_h = new Float(h.length);
    this.d_params ??= { W_hy: new Float(W_hy.length), b_y: new Float(b_y.length) };
    for (const array of [this.d_h, this.d_params.W_hy, this.d_params.b_y]) array.fill(0);
    addTProduct(this.d_params.W_hy, h, d_logits, H, V);
    addRows(this.d_params.b_y, d_logits);
    addProductT(this.d_h, d_logits, W_hy, V, H);
    return [this.d_params, this.d_h];
  }
}

/** Mean of -log p(label) in nats over the rows whose label is not negative. logits (rows, V) become their gradient. */
export function crossEntropy(logits, labels) {
  const V = logits.length / labels.length;
  if (!Number.isInteger(V)) {
    throw RangeError(`labels: expected one for each row of logits, got ${labels.length} for ${logits.length}`);
  }
  let [loss, counted] = [0, 0];
  for (const label of labels) {
    if (!Number.isInteger(label) || label >= V) {
      throw RangeError(`labels: expected whole numbers below ${V}, got ${label}`);
    }
    counted += label >= 0;
  }
  for (const [row, label] of labels.entries()) {
    const at = row * V;
    if (label < 0) {
      logits.fill(0, at, at + V);
      continue;
    }
    let [largest, sum] = [-Infinity, 0];
    for (let j = at; j < at + V; j += 1) largest = Math.max(largest, logits[j]);
    for (let j = at; j < at + V; j += 1) sum += Math.exp(logits[j] - largest);
    loss += Math.log(sum) + largest - logits[at + label];
    for (let j = at; j < at + V; j += 1) logits[j] = Math.exp(logits[j] - largest) / sum / counted;
    logits[at + label] -= 1 / counted;
  }
  return loss / counted;
}

/** Mean of the squared differences. ys become their gradient. */
export function squaredError(ys, targets) {
  if (ys.length !== targets.length) {
    throw RangeError(`targets: expected ${ys.length} numbers as ys has, got ${targets.length}`);
  }
  let loss = 0;
  for (let q = 0; q < ys.length; q += 1) {
    const difference = ys[q] - targets[q];
    loss += (difference * difference) / ys.length;
    ys[q] = (2 * difference) / ys.length;
  }
  return loss;
}

/** Shrink all gradients together, in place, when their common length exceeds `most`; returns the length before. */
export function clipByNorm(grads, most) {
  let sum = 0;
  for (const g of Object.values(grads)) for (let q = 0; q < g.length; q += 1) sum += g[q] * g[q];
  const norm = Math.sqrt(sum);
  if (norm > most) for (const g of Object.values(grads)) for (let q = 0; q < g.length; q += 1) g[q] *= most / norm;
  return norm;
}

/** Running mean over running size, both freed of their start at zero; changes params in place. Kingma & Ba (2015). */
export class Adam {
  constructor(params, { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}) {
    Object.assign(this, { params, learningRate, beta1, beta2, epsilon, t: 0 });
    const zero = ([name, p]) => [name, new p.constructor(p.length)];
    [this.m, this.v] = [1, 2].map(() => Object.fromEntries(Object.entries(params).map(zero)));
  }

  /** grads: a dict with the names and lengths of params. */
  step(grads) {
    this.t += 1;
    const { beta1, beta2, epsilon } = this;
    const [fromZero1, fromZero2] = [1 - beta1 ** this.t, 1 - beta2 ** this.t];
    for (const [name, p] of Object.entries(this.params)) {
      const [m, v, g] = [this.m[name], this.v[name], grads[name]];
      if (g?.length !== p.length) throw RangeError(`grads.${name}: expected ${p.length} numbers, got ${g?.length}`);
      for (let q = 0; q < p.length; q += 1) {
        m[q] += (1 - beta1) * (g[q] - m[q]);
        v[q] += (1 - beta2) * (g[q] * g[q] - v[q]);
        p[q] -= (this.learningRate * (m[q] / fromZero1)) / (Math.sqrt(v[q] / fromZero2) + epsilon);
      }
    }
  }
}
