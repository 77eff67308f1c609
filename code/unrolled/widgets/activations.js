// What bends the weighted sums, number by number; as unrolled's activations.py.

/**
 * tanh(a), to a relative error of 2e-15 and three times faster than Math.tanh: a quotient of two polynomials in a²,
 * fitted to tanh(a) / a at Chebyshev's points up to 18.8. From there on tanh(a) differs from 1 by less than 1e-16.
 */
export function tanh(a) {
  if (a > 18.8) return 1;
  if (a < -18.8) return -1;
  const z = a * a;
  const above =
    ((((((((2.189547113374563e-23 * z + 6.729081481500159e-19) * z + 2.8646885793795588e-15) * z +
      3.9910992757162465e-12) *
      z +
      2.375072081999538e-9) *
      z +
      6.72556080404815e-7) *
      z +
      9.287036598645278e-5) *
      z +
      0.005955225298464068) *
      z +
      0.15167490684093118) *
      z +
    1;
  const below =
    ((((((((5.5513782067452455e-21 * z + 5.192497156230484e-17) * z + 1.202662338703993e-13) * z +
      1.073023120185934e-10) *
      z +
      4.371571785144652e-8) *
      z +
      8.65588698022296e-6) *
      z +
      0.0008237940965214962) *
      z +
      0.034291305356553135) *
      z +
      0.48500824017426436) *
      z +
    1;
  return (a * above) / below;
}

/** σ(a) = 1 / (1 + exp(-a)) = (1 + tanh(a / 2)) / 2. */
export function sigmoid(a) {
  return 0.5 * (1 + tanh(0.5 * a));
}

/** g_h, and its derivative written with the output h instead of the input a. */
export const activations = {
  tanh: [tanh, (h) => 1 - h * h],
  relu: [(a) => Math.max(a, 0), (h) => (h > 0 ? 1 : 0)],
  linear: [(a) => a, () => 1],
};
