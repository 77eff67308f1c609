// Iterations a second of training in JavaScript, and what it is compared with: run by cells_js.py, in Node or in a
// browser's Worker. The text of cells.js and learning.js stands in front of it.

const [T, B, H, D] = [40, 20, 32, 2];
const ROUNDS = 30;

/** A training as a page would do it: forward, backward, Adam. Returns a function that does one iteration. */
function training(cell, Float) {
  const rng = generator(1);
  const [out, params] = [new Readout(), cell.init(rng, D, H, { Float })];
  const y = out.init(rng, H, 1, { Float });
  const xs = Float.from({ length: T * B * D }, () => rng() - 0.5);
  const targets = Float.from({ length: B }, () => rng());
  const [adam, adamY, d_ys] = [new Adam(params), new Adam(y), new Float(T * B * H)];
  let run = null;
  return () => {
    run = unroll(cell, params, xs, null, { B, run });
    const h = run.ys.subarray((T - 1) * B * H);
    const ys = out.forward(y, h);
    squaredError(ys, targets);
    const [d_y, d_h] = out.backward(y, h, ys);
    d_ys.set(d_h, (T - 1) * B * H);
    adam.step(bptt(run, d_ys).d_params);
    adamY.step(d_y);
  };
}

/** The simple cell as one writes it first: lists of lists, made anew at every step, one loop inside the other. */
function prototype() {
  const rng = generator(1);
  const draw = (rows, columns) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => (rng() - 0.5) / 3));
  const zero = (W) => W.map((row) => row.map(() => 0));
  const [W_ih, W_hh, xs] = [draw(D, H), draw(H, H), Array.from({ length: T }, () => draw(B, D))];
  const weights = [W_ih, W_hh];
  const [m, v] = [weights.map(zero), weights.map(zero)];
  const times = (A, W) => A.map((row) => W[0].map((_, n) => row.reduce((sum, a, k) => sum + a * W[k][n], 0)));
  let t = 0;
  return () => {
    t += 1;
    const hs = [draw(B, H)];
    for (const x of xs) {
      const [a, past] = [times(x, W_ih), times(hs.at(-1), W_hh)];
      hs.push(a.map((row, b) => row.map((value, j) => Math.tanh(value + past[b][j]))));
    }
    const grads = weights.map(zero);
    const back = W_hh[0].map((_, n) => W_hh.map((row) => row[n]));
    let d_h = hs.at(-1);
    for (let step = T; step > 0; step -= 1) {
      const d_a = d_h.map((row, b) => row.map((d, j) => d * (1 - hs[step][b][j] ** 2)));
      for (const [A, grad] of [
        [xs[step - 1], grads[0]],
        [hs[step - 1], grads[1]],
      ]) {
        A.forEach((row, b) => row.forEach((a, k) => d_a[b].forEach((d, j) => (grad[k][j] += a * d))));
      }
      d_h = times(d_a, back);
    }
    weights.forEach((W, w) =>
      W.forEach((row, k) =>
        row.forEach((_, j) => {
          const g = grads[w][k][j];
          m[w][k][j] += 0.1 * (g - m[w][k][j]);
          v[w][k][j] += 0.001 * (g * g - v[w][k][j]);
          row[j] -= (0.001 * (m[w][k][j] / (1 - 0.9 ** t))) / (Math.sqrt(v[w][k][j] / (1 - 0.999 ** t)) + 1e-8);
        }),
      ),
    );
  };
}

/** Milliseconds of one iteration of each training, by name: they take turns, the fastest turn of each counts. */
// biome-ignore lint/correctness/noUnusedVariables: called by the program that this text becomes part of
function measure(wanted) {
  const makers = {
    prototype,
    "RNN float64": () => training(new RNN(), Float64Array),
    "RNN float32": () => training(new RNN(), Float32Array),
    "LSTM float64": () => training(new LSTM(), Float64Array),
    "LSTM float32": () => training(new LSTM(), Float32Array),
    "GRU float64": () => training(new GRU(), Float64Array),
    "GRU float32": () => training(new GRU(), Float32Array),
  };
  const used = () => (globalThis.process?.cpuUsage ? process.cpuUsage().user / 1000 : performance.now());
  const trainings = wanted.map((name) => [name, makers[name]()]);
  const best = {};
  for (let round = -5; round < ROUNDS; round += 1) {
    // the first five warm the compiler up
    for (const [name, iterate] of trainings) {
      const start = used();
      for (let i = 0; i < 5; i += 1) iterate();
      if (round >= 0) best[name] = Math.min(best[name] ?? Infinity, (used() - start) / 5);
    }
  }
  return best;
}
