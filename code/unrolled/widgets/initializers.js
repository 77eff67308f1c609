// Where weights start. rng: a function that draws from [0, 1).

/** Uniform in ±sqrt(6 / (rows + columns)). Glorot & Bengio (2010). */
export function glorotUniform(rng, rows, columns) {
  const limit = Math.sqrt(6 / (rows + columns));
  return Float64Array.from({ length: rows * columns }, () => limit * (2 * rng() - 1));
}

/** (H, H), rows of length one at right angles: normal draws, each freed of its part along the rows before it. */
export function orthogonal(rng, H) {
  const W = Float64Array.from({ length: H * H }, () => normal(rng));
  const dot = (p, q) => {
    let sum = 0;
    for (let j = 0; j < H; j += 1) sum += W[p * H + j] * W[q * H + j];
    return sum;
  };
  for (let row = 0; row < H; row += 1) {
    for (let twice = 0; twice < 2; twice += 1) {
      // what rounding left of it goes the second time
      for (let other = 0; other < row; other += 1) {
        const along = dot(row, other);
        for (let j = 0; j < H; j += 1) W[row * H + j] -= along * W[other * H + j];
      }
    }
    const length = Math.sqrt(dot(row, row));
    for (let j = 0; j < H; j += 1) W[row * H + j] /= length;
  }
  return W;
}

/** One normal number from two uniform ones. Box & Muller (1958). */
function normal(rng) {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
