// What the pictures with a trained network share: its weights unpacked, and what its logits say.

import { bytes } from "./heavy_file.js";

/** The params that `unrolled.trained.packed` made small: each weight is a byte times the scale of its column. */
export function unpackWeights(weights) {
  const params = {};
  for (const [name, [packed, scales]] of Object.entries(weights)) {
    const [whole, scale] = [new Int8Array(bytes(packed).buffer), new Float32Array(bytes(scales).buffer)];
    params[name] = Float64Array.from(whole, (value, k) => value * scale[k % scale.length]);
  }
  return params;
}

export function softmax(logits) {
  const largest = Math.max(...logits);
  const e = logits.map((value) => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value);
  return e.map((value) => value / sum);
}
