// The network behind GradientDistance: 8 units forwards through time, and the chain rule backwards.

export const [NEAR, FAR] = [5, 20]; // steps back at which a term counts as less near, and as far
export const HALF_A_ULP = 2 ** -24; // of 1 in float32: less than this part of a sum does not change it
const NOTHING = -400; // stands for log10(0)

const SLOPES = { tanh: (h) => 1 - h * h, relu: (h) => (h > 0 ? 1 : 0), linear: () => 1 };
const G = { tanh: Math.tanh, relu: (a) => Math.max(a, 0), linear: (a) => a };
const length = (v) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
const sum = (values) => values.reduce((all, value) => all + value, 0);

/** norms[k]: of dL/dh, k steps back, 0 to T. terms[k]: of what the step that is k back adds to dL/dW_R, 0 to T - 1. */
export function run(model) {
  const net = model.get("network");
  const [g, slope] = [G, SLOPES].map((table) => table[model.get("activation")]);
  const W = net[model.get("matrix")].map((row) => row.map((value) => model.get("radius") * value)); // from, to
  const hs = [net.W_ih.map(() => 0)];
  for (const x of model.get("x")) {
    const before = hs.at(-1);
    hs.push(net.W_ih.map((w, to) => g(w * model.get("strength") * x + sum(before.map((h, from) => h * W[from][to])))));
  }
  const T = hs.length - 1;
  const [norms, terms, d_W] = [[length(net.v)], [], W.map((row) => row.map(() => 0))];
  let d_h = net.v;
  for (let step = T; step > 0; step -= 1) {
    const [before, d_a] = [hs[step - 1], d_h.map((d, i) => d * slope(hs[step][i]))];
    terms.push(length(d_a) * length(before));
    for (const [from, row] of d_W.entries()) for (const [to, d] of d_a.entries()) row[to] += before[from] * d;
    d_h = W.map((row) => sum(row.map((w, to) => w * d_a[to])));
    norms.push(length(d_h));
  }
  const weights = length(d_W.flat());
  return { T, norms, terms, weights, slope: sum(hs.slice(1).flat().map(slope)) / (T * net.v.length) };
}

export function measures(model, { T, norms, terms, weights, slope }) {
  const [all, half] = [sum(terms), norms.findIndex((norm) => norm < 0.5)];
  const share = (from, to) => (all ? sum(terms.slice(from, to)) / all : 0);
  return {
    T, radius: model.get("radius"), strength: model.get("strength"), clip: Number(model.get("clip")),
    norm: model.get("radius") * model.get("network")[`${model.get("matrix")}_norm`],
    ...Object.fromEntries(norms.map((norm, k) => [`log10_${k}`, norm > 0 ? Math.log10(norm) : NOTHING])),
    slope, half: half < 0 ? T + 1 : half, weights,
    clipped: model.get("clip") ? Math.min(weights, model.get("threshold")) : weights,
    near: share(0, NEAR), middle: share(NEAR, FAR), far: share(FAR),
    lost: weights ? terms.slice(0, T - 1).filter((term) => term < HALF_A_ULP * weights).length : T - 1,
  };
}
