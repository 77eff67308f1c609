// What takes the time in a recurrent network: products of matrices, which lie in flat arrays row by row.

/** to (M, N) += A (M, K) @ W (K, N). */
export function addProduct(to, A, W, K, N) {
  multiply(to, A, K, 1, W, N, 1, to.length / N, K, N);
}

/** to (M, N) += A (M, K) @ W.T, where W is (N, K). */
export function addProductT(to, A, W, K, N) {
  multiply(to, A, K, 1, W, 1, K, to.length / N, K, N);
}

/** to (M, N) += A.T @ W, where A is (K, M) and W is (K, N). */
export function addTProduct(to, A, W, M, N) {
  multiply(to, A, 1, M, W, N, 1, M, A.length / M, N);
}

/** to (N,) += the sum of the rows of A (M, N). */
export function addRows(to, A) {
  const N = to.length;
  for (let row = 0; row < A.length; row += N) for (let n = 0; n < N; n += 1) to[n] += A[row + n];
}

/** Entry (m, k) of A lies at m * am + k * ak, entry (k, n) of W at k * wk + n * wn. */
function multiply(to, A, am, ak, W, wk, wn, M, K, N) {
  const whole = N - (N % 4);
  // Two rows and four columns at once: six numbers are loaded for eight products, and the sums stay in registers.
  // No destructuring here: a list taken apart in the inner loop made it three times slower.
  for (let m = 0; m < M; m += 2) {
    const alone = m + 1 === M; // the last row of an odd number: it is its own neighbour
    for (let n = 0; n < whole; n += 4) {
      let p0 = 0,
        p1 = 0,
        p2 = 0,
        p3 = 0,
        q0 = 0,
        q1 = 0,
        q2 = 0,
        q3 = 0;
      for (let k = 0, p = m * am, q = alone ? p : p + am, w = n * wn; k < K; k += 1, p += ak, q += ak, w += wk) {
        const a = A[p],
          b = A[q],
          w0 = W[w],
          w1 = W[w + wn],
          w2 = W[w + 2 * wn],
          w3 = W[w + 3 * wn];
        p0 += a * w0;
        p1 += a * w1;
        p2 += a * w2;
        p3 += a * w3;
        q0 += b * w0;
        q1 += b * w1;
        q2 += b * w2;
        q3 += b * w3;
      }
      let at = m * N + n;
      to[at] += p0;
      to[at + 1] += p1;
      to[at + 2] += p2;
      to[at + 3] += p3;
      if (alone) continue;
      at += N;
      to[at] += q0;
      to[at + 1] += q1;
      to[at + 2] += q2;
      to[at + 3] += q3;
    }
  }
  for (let n = whole; n < N; n += 1) {
    // the columns that are left over
    for (let m = 0; m < M; m += 1) {
      let sum = 0;
      for (let k = 0, p = m * am, w = n * wn; k < K; k += 1, p += ak, w += wk) sum += A[p] * W[w];
      to[m * N + n] += sum;
    }
  }
}
