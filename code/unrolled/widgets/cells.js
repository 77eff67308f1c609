// The five cells of the book in JavaScript, line by line as in unrolled's rnn.py, lstm.py, peephole.py, coupled.py and
// gru.py. Arrays are flat and typed, row by row, with the shapes of the book: x (B, D), h and C (B, H), W_ih (D, kH).
// The weights travel by name, as a dict of params.
//
// Each cell has its equations twice: `forward` and, read backwards, `backward`. Both write into buffers that were
// there before: `now` holds the arrays (B, H) of one step, each gate's under its letter, first the weighted sum a with
// the input's part in it, then the gate; `d` holds their gradients, those of the sums under the gates' letters.

import { activations, sigmoid, tanh } from "./activations.js";
import { glorotUniform, orthogonal } from "./initializers.js";
import { addProduct, addProductT, addRows, addTProduct } from "./products.js";
import { bptt, checkSize, lastState, putBlock, unroll } from "./sequence.js";

class Cell {
  fields = ["h"]; // of the state
  kept = []; // what else `forward` leaves for `backward`, arrays (B, H)
  spare = []; // what else `backward` leaves for `weightGrads`

  /** The shape of each array of params. */
  shapes(D, H) {
    const k = this.gates.length;
    return { W_ih: [D, k * H], W_hh: [H, k * H], b: [k * H] };
  }

  /** Draw params: each block of W_ih Glorot uniform, of W_hh orthogonal; b zero, 1 for a forget gate.
   * rng: a function that draws from [0, 1). Float: Float64Array or Float32Array. */
  init(rng, D, H, { Float = Float64Array, forgetBias = 1 } = {}) {
    if (typeof rng !== "function") throw TypeError(`rng: expected a function that draws from [0, 1), got ${rng}`);
    checkSize("input_size", D);
    checkSize("hidden_size", H);
    const params = {};
    for (const [name, shape] of Object.entries(this.shapes(D, H))) {
      params[name] = new Float(shape.reduce((a, b) => a * b));
    }
    const k = this.gates.length;
    this.gates.forEach((gate, block) => {
      putBlock(params.W_ih, glorotUniform(rng, D, H), block, k, H);
      putBlock(params.W_hh, orthogonal(rng, H), block, k, H);
      if (gate === "f") params.b.fill(forgetBias, block * H, (block + 1) * H);
    });
    return params;
  }

  /** x (B, D) and the state before it give [h (B, H), the state after]. */
  step(params, x, state = null) {
    const run = unroll(this, params, x, state);
    return [run.ys, lastState(run)];
  }

  /** The step read backwards: [d_a (B, kH), the gradient of the state before]. */
  stepGrad(params, x, before, d_output, d_after = null) {
    const run = unroll(this, params, x, before);
    const { d_states } = bptt(run, d_output, d_after);
    const [k, H] = [this.gates.length, run.H];
    const d_a = new run.Float(k * d_output.length);
    this.gates.forEach((gate, block) => putBlock(d_a, run.d[gate], block, k, H));
    return [d_a, Object.fromEntries(this.fields.map((field) => [field, d_states[field].slice(0, d_output.length)]))];
  }

  /** The sums' part that waits for the state: a += h W_hh, gate by gate. */
  addState({ H, W_hh }, now) {
    for (const gate of this.gates) addProduct(now[gate], now.before.h, W_hh[gate], H, H);
  }

  /** The same read backwards: the state before gets d_a W_hh.T. */
  addStateGrad({ H, W_hh }, d) {
    for (const gate of this.gates) addProductT(d.h, d[gate], W_hh[gate], H, H);
  }

  /** The gradient of W_hh, gate by gate, and of what else the cell learns: all steps at once, arrays (T·B, H). */
  weightGrads({ H }, all, d, grads) {
    for (const gate of this.gates) addTProduct(grads.W_hh[gate], all.before.h, d[gate], H, H);
  }
}

/** h(t) = g_h(W_I x(t) + W_R h(t-1) + b_h). activation: "tanh", "relu" or "linear". */
export class RNN extends Cell {
  name = "RNN";
  gates = ["a"];

  constructor(activation = "tanh") {
    super();
    this.activation = oneOf("activation", activation, activations);
  }

  forward(w, now) {
    this.addState(w, now);
    const [g_h] = activations[this.activation];
    const { a, h } = now;
    for (let q = 0; q < h.length; q += 1) h[q] = g_h(a[q]);
  }

  backward(w, now, d) {
    const [, dg_h] = activations[this.activation];
    const [{ h }, { after, output, a: d_a }] = [now, d];
    for (let q = 0; q < h.length; q += 1) {
      const d_h = output[q] + after.h[q];
      d_a[q] = d_h * dg_h(h[q]);
    }
    d.h.fill(0);
    this.addStateGrad(w, d);
  }
}

/** Input gate, forget gate, candidate g (the slides' C-tilde) and output gate. */
export class LSTM extends Cell {
  name = "LSTM";
  fields = ["h", "c"];
  gates = ["i", "f", "g", "o"];
  kept = ["tanh_c"];

  forward(w, now) {
    this.addState(w, now);
    const { i, f, g, o, h, c, tanh_c, before } = now;
    const c0 = before.c;
    for (let q = 0; q < h.length; q += 1) {
      i[q] = sigmoid(i[q]);
      f[q] = sigmoid(f[q]);
      g[q] = tanh(g[q]);
      o[q] = sigmoid(o[q]);
      c[q] = f[q] * c0[q] + i[q] * g[q];
      tanh_c[q] = tanh(c[q]);
      h[q] = o[q] * tanh_c[q];
    }
  }

  backward(w, now, d) {
    const { i, f, g, o, tanh_c, before } = now;
    const { i: d_a_i, f: d_a_f, g: d_a_g, o: d_a_o, c: d_c0, after, output } = d;
    const [c0, d_h1, d_c1] = [before.c, after.h, after.c];
    for (let q = 0; q < i.length; q += 1) {
      const d_h = output[q] + d_h1[q];
      const d_o = d_h * tanh_c[q];
      const d_c = d_c1[q] + d_h * o[q] * (1 - tanh_c[q] * tanh_c[q]);
      const d_f = d_c * c0[q];
      const d_i = d_c * g[q];
      const d_g = d_c * i[q];
      d_a_i[q] = d_i * i[q] * (1 - i[q]);
      d_a_f[q] = d_f * f[q] * (1 - f[q]);
      d_a_g[q] = d_g * (1 - g[q] * g[q]);
      d_a_o[q] = d_o * o[q] * (1 - o[q]);
      d_c0[q] = d_c * f[q];
    }
    d.h.fill(0);
    this.addStateGrad(w, d);
  }
}

/** The LSTM whose gates look at C: i and f at the one before the step, o at the new one.
 * form: "diagonal", each gate sees its own entry of C; "full", it sees all of C. */
export class PeepholeLSTM extends LSTM {
  name = "PeepholeLSTM";

  constructor(form = "diagonal") {
    super();
    this.form = oneOf("form", form, forms);
  }

  shapes(D, H) {
    const peephole = this.form === "diagonal" ? [H] : [H, H];
    return { ...super.shapes(D, H), W_ci: peephole, W_cf: peephole, W_co: peephole };
  }

  forward(w, now) {
    this.addState(w, now);
    const { see } = forms[this.form];
    const { i, f, g, o, h, c, tanh_c, before } = now;
    const c0 = before.c;
    see(i, c0, w.params.W_ci, w.H);
    see(f, c0, w.params.W_cf, w.H);
    for (let q = 0; q < h.length; q += 1) {
      i[q] = sigmoid(i[q]);
      f[q] = sigmoid(f[q]);
      g[q] = tanh(g[q]);
      c[q] = f[q] * c0[q] + i[q] * g[q];
    }
    see(o, c, w.params.W_co, w.H);
    for (let q = 0; q < h.length; q += 1) {
      o[q] = sigmoid(o[q]);
      tanh_c[q] = tanh(c[q]);
      h[q] = o[q] * tanh_c[q];
    }
  }

  backward(w, now, d) {
    const { seeGrad } = forms[this.form];
    const { i, f, g, o, tanh_c, before } = now;
    const { i: d_a_i, f: d_a_f, g: d_a_g, o: d_a_o, c: d_c, after, output } = d; // d_c: of C, then of the one before
    for (let q = 0; q < i.length; q += 1) {
      const d_h = output[q] + after.h[q];
      d_a_o[q] = d_h * tanh_c[q] * o[q] * (1 - o[q]);
      d_c[q] = after.c[q] + d_h * o[q] * (1 - tanh_c[q] * tanh_c[q]);
    }
    seeGrad(d_c, d_a_o, w.params.W_co, w.H);
    for (let q = 0; q < i.length; q += 1) {
      d_a_f[q] = d_c[q] * before.c[q] * f[q] * (1 - f[q]);
      d_a_i[q] = d_c[q] * g[q] * i[q] * (1 - i[q]);
      d_a_g[q] = d_c[q] * i[q] * (1 - g[q] * g[q]);
      d_c[q] *= f[q];
    }
    seeGrad(d_c, d_a_i, w.params.W_ci, w.H);
    seeGrad(d_c, d_a_f, w.params.W_cf, w.H);
    d.h.fill(0);
    this.addStateGrad(w, d);
  }

  weightGrads(w, all, d, grads) {
    super.weightGrads(w, all, d, grads);
    const { seeWeights } = forms[this.form];
    seeWeights(grads.W_ci, all.before.c, d.i, w.H);
    seeWeights(grads.W_cf, all.before.c, d.f, w.H);
    seeWeights(grads.W_co, all.c, d.o, w.H);
  }
}

/** How a gate looks at C, the same read backwards, and the gradient of the weights; each adds to its first argument. */
const forms = {
  full: {
    see: (a, c, W, H) => addProduct(a, c, W, H, H),
    seeGrad: (d_c, d_a, W, H) => addProductT(d_c, d_a, W, H, H),
    seeWeights: (d_W, c, d_a, H) => addTProduct(d_W, c, d_a, H, H),
  },
  diagonal: {
    see: (a, c, w, H) => a.forEach((_, q) => (a[q] += c[q] * w[q % H])),
    seeGrad: (d_c, d_a, w, H) => d_c.forEach((_, q) => (d_c[q] += d_a[q] * w[q % H])),
    seeWeights: (d_w, c, d_a, H) => c.forEach((_, q) => (d_w[q % H] += c[q] * d_a[q])),
  },
};

/** Coupled gates: what is forgotten makes room for what is written, i = 1 - f. */
export class CoupledLSTM extends Cell {
  name = "CoupledLSTM";
  fields = ["h", "c"];
  gates = ["f", "g", "o"];
  kept = ["tanh_c"];

  forward(w, now) {
    this.addState(w, now);
    const { f, g, o, h, c, tanh_c, before } = now;
    const c0 = before.c;
    for (let q = 0; q < h.length; q += 1) {
      f[q] = sigmoid(f[q]);
      g[q] = tanh(g[q]);
      o[q] = sigmoid(o[q]);
      c[q] = f[q] * c0[q] + (1 - f[q]) * g[q];
      tanh_c[q] = tanh(c[q]);
      h[q] = o[q] * tanh_c[q];
    }
  }

  backward(w, now, d) {
    const { f, g, o, tanh_c, before } = now;
    const { f: d_a_f, g: d_a_g, o: d_a_o, c: d_c0, after, output } = d;
    for (let q = 0; q < f.length; q += 1) {
      const d_h = output[q] + after.h[q];
      const d_o = d_h * tanh_c[q];
      const d_c = after.c[q] + d_h * o[q] * (1 - tanh_c[q] * tanh_c[q]);
      const d_f = d_c * (before.c[q] - g[q]);
      const d_g = d_c * (1 - f[q]);
      d_a_f[q] = d_f * f[q] * (1 - f[q]);
      d_a_g[q] = d_g * (1 - g[q] * g[q]);
      d_a_o[q] = d_o * o[q] * (1 - o[q]);
      d_c0[q] = d_c * f[q];
    }
    d.h.fill(0);
    this.addStateGrad(w, d);
  }
}

/** Update gate z, reset gate r and candidate n (the slides' h-tilde).
 * resetAfter: false, r acts on h before W_hh does; true, on h W_hn + b_hn, and params hold b_hn too. */
export class GRU extends Cell {
  name = "GRU";
  gates = ["z", "r", "n"];
  kept = ["past"]; // r h, or h W_hn + b_hn: what W_hn meets, or what r meets
  spare = ["past"];

  constructor(resetAfter = false) {
    super();
    this.resetAfter = resetAfter;
  }

  shapes(D, H) {
    return { ...super.shapes(D, H), ...(this.resetAfter ? { b_hn: [H] } : {}) };
  }

  forward({ params, H, W_hh }, { z, r, n, h, past, before }) {
    const h0 = before.h;
    addProduct(z, h0, W_hh.z, H, H);
    addProduct(r, h0, W_hh.r, H, H);
    for (let q = 0; q < h.length; q += 1) {
      z[q] = sigmoid(z[q]);
      r[q] = sigmoid(r[q]);
    }
    if (this.resetAfter) {
      for (let q = 0; q < h.length; q += H) past.set(params.b_hn, q);
      addProduct(past, h0, W_hh.n, H, H);
      for (let q = 0; q < h.length; q += 1) n[q] += r[q] * past[q];
    } else {
      for (let q = 0; q < h.length; q += 1) past[q] = r[q] * h0[q];
      addProduct(n, past, W_hh.n, H, H);
    }
    for (let q = 0; q < h.length; q += 1) {
      n[q] = tanh(n[q]);
      h[q] = (1 - z[q]) * h0[q] + z[q] * n[q];
    }
  }

  backward({ H, W_hh }, { z, r, n, past, before }, d) {
    const { z: d_a_z, r: d_a_r, n: d_a_n, past: d_past, h: d_h0, after, output } = d;
    const h0 = before.h;
    for (let q = 0; q < z.length; q += 1) {
      const d_h = output[q] + after.h[q];
      d_a_n[q] = d_h * z[q] * (1 - n[q] * n[q]);
      d_a_z[q] = d_h * (n[q] - h0[q]) * z[q] * (1 - z[q]);
      d_h0[q] = d_h * (1 - z[q]);
    }
    if (this.resetAfter) {
      for (let q = 0; q < z.length; q += 1) {
        const d_r = d_a_n[q] * past[q];
        d_past[q] = d_a_n[q] * r[q];
        d_a_r[q] = d_r * r[q] * (1 - r[q]);
      }
      addProductT(d_h0, d_past, W_hh.n, H, H);
    } else {
      d_past.fill(0);
      addProductT(d_past, d_a_n, W_hh.n, H, H);
      for (let q = 0; q < z.length; q += 1) {
        const d_r = d_past[q] * h0[q];
        d_a_r[q] = d_r * r[q] * (1 - r[q]);
        d_h0[q] += d_past[q] * r[q];
      }
    }
    addProductT(d_h0, d_a_z, W_hh.z, H, H);
    addProductT(d_h0, d_a_r, W_hh.r, H, H);
  }

  weightGrads({ H }, all, d, grads) {
    const { z, r, n } = grads.W_hh;
    addTProduct(z, all.before.h, d.z, H, H);
    addTProduct(r, all.before.h, d.r, H, H);
    if (this.resetAfter) addTProduct(n, all.before.h, d.past, H, H);
    else addTProduct(n, all.past, d.n, H, H);
    if (this.resetAfter) addRows(grads.b_hn, d.past);
  }
}

function oneOf(name, value, table) {
  if (Object.hasOwn(table, value)) return value;
  throw RangeError(`${name}: expected one of ${Object.keys(table).sort().join(", ")}, got ${value}`);
}
