// How a language model writes: its probabilities sharpened or flattened, and one character drawn from them.

/** The n-th number, from 0, of the generator mulberry32 with this seed: at least 0 and below 1. */
export function mulberry32(seed, n) {
  const a = (seed + Math.imul(n + 1, 0x6d2b79f5)) | 0;
  let t = Math.imul(a ^ (a >>> 15), 1 | a);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** p^(1/T) over the k likeliest, made to sum to one; T = 0 gives all to the likeliest. */
export function tempered(p, T, k) {
  const order = Array.from(p, (_, j) => j)
    .sort((a, b) => p[b] - p[a] || a - b)
    .slice(0, k);
  const q = new Float64Array(p.length);
  let sum = 0;
  for (const j of T === 0 ? order.slice(0, 1) : order) {
    q[j] = T === 0 ? 1 : Math.exp(Math.log(p[j] / p[order[0]]) / T);
    sum += q[j];
  }
  return q.map((value) => value / sum);
}

/** The first number whose cumulated probability exceeds u. */
export function pick(q, u) {
  let sum = 0;
  let last = 0;
  for (const [j, value] of q.entries()) {
    sum += value;
    if (value > 0) last = j;
    if (u < sum) return j;
  }
  return last;
}

/** In nats. */
export function entropy(q) {
  return q.reduce((sum, value) => sum - (value > 0 ? value * Math.log(value) : 0), 0);
}
