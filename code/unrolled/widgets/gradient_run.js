// The network behind GradientDistance: 8 units forwards through time, and the chain rule backwards.

import { activations } from "./activations.js";
import { RNN } from "./cells.js";
import { bptt, unroll } from "./sequence.js";

export const [NEAR, FAR] = [5, 20]; // steps back at which a term counts as less near, and as far
export const HALF_A_ULP = 2 ** -24; // of 1 in float32: less than this part of a sum does not change it
const NOTHING = -400; // stands for log10(0)

const length = (v) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
const sum = (values) => values.reduce((all, value) => all + value, 0);

/** norms[k]: of dL/dh, k steps back, 0 to T. terms[k]: of what the step that is k back adds to dL/dW_R, 0 to T - 1. */
export function run(model) {
  const net = model.get("network");
  const [H, strength, radius] = [net.v.length, model.get("strength"), model.get("radius")];
  const W_hh = Float64Array.from(net[model.get("matrix")].flat(), (value) => radius * value);
  const params = { W_ih: Float64Array.from(net.W_ih), W_hh, b: new Float64Array(H) };
  const xs = Float64Array.from(model.get("x"), (x) => strength * x);
  const read = unroll(new RNN(model.get("activation")), params, xs);
  const { d_params, d_states } = bptt(read, new Float64Array(read.ys.length), { h: Float64Array.from(net.v) });
  const [T, [, slope]] = [read.T, activations[model.get("activation")]];
  const backwards = (count, size) => Array.from({ length: count }, (_, back) => size(count - 1 - back));
  const at = (array, t) => length(array.subarray(t * H, (t + 1) * H));
  const norms = backwards(T + 1, (t) => at(d_states.h, t));
  const terms = backwards(T, (t) => at(read.d.a, t) * at(read.states.h, t));
  return { T, norms, terms, weights: length(d_params.W_hh), slope: sum(read.ys.map(slope)) / read.ys.length };
}

export function measures(model, { T, norms, terms, weights, slope }) {
  const [all, half] = [sum(terms), norms.findIndex((norm) => norm < 0.5)];
  const share = (from, to) => (all ? sum(terms.slice(from, to)) / all : 0);
  return {
    T,
    radius: model.get("radius"),
    strength: model.get("strength"),
    clip: Number(model.get("clip")),
    norm: model.get("radius") * model.get("network")[`${model.get("matrix")}_norm`],
    ...Object.fromEntries(norms.map((norm, k) => [`log10_${k}`, norm > 0 ? Math.log10(norm) : NOTHING])),
    slope,
    half: half < 0 ? T + 1 : half,
    weights,
    clipped: model.get("clip") ? Math.min(weights, model.get("threshold")) : weights,
    near: share(0, NEAR),
    middle: share(NEAR, FAR),
    far: share(FAR),
    lost: weights ? terms.slice(0, T - 1).filter((term) => term < HALF_A_ULP * weights).length : T - 1,
  };
}
