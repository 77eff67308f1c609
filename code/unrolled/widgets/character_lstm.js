// The trained character network: its weights unpacked, the LSTM's step, what it reads.

/** A file too heavy for the page's first load: from the page's host, or from Python where a kernel runs. */
export function heavyFile(model, name) {
  if (model.file) return model.file(name);
  return new Promise((resolve) => {
    const listen = (content) => {
      if (content.type !== "file" || content.name !== name) return;
      model.off("msg:custom", listen);
      resolve(content.file);
    };
    model.on("msg:custom", listen);
    model.send({ type: "file", name });
  });
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** The network as `unrolled.trained.for_page` packed it: each weight is a byte times the scale of its column. */
export function unpack({ alphabet, H, weights }) {
  const network = { alphabet: [...alphabet], H, V: alphabet.length };
  for (const [name, [packed, scales]] of Object.entries(weights)) {
    const [whole, scale] = [new Int8Array(bytes(packed).buffer), new Float32Array(bytes(scales).buffer)];
    network[name] = Float64Array.from(whole, (value, k) => value * scale[k % scale.length]);
  }
  network.number = new Map(network.alphabet.map((c, k) => [c, k]));
  return network;
}

const sigmoid = (a) => 0.5 * (1 + Math.tanh(0.5 * a));

/** One step: a character's number and the step before (null at the start) give gates, C, h and the next one's p. */
function step(network, x, before) {
  const { H, W_ih, W_hh, b, W_hy, b_y } = network;
  const a = W_ih.slice(x * 4 * H, (x + 1) * 4 * H); // one-hot: a row of W_ih
  for (let j = 0; j < 4 * H; j += 1) a[j] += b[j];
  if (before) addProduct(a, before.h, W_hh);
  const gate = (block, g) => a.slice(block * H, (block + 1) * H).map(g);
  const [i, f, g, o] = [gate(0, sigmoid), gate(1, sigmoid), gate(2, Math.tanh), gate(3, sigmoid)];
  const C = f.map((value, k) => value * (before ? before.C[k] : 0) + i[k] * g[k]);
  const h = o.map((value, k) => value * Math.tanh(C[k]));
  const logits = b_y.slice();
  addProduct(logits, h, W_hy);
  return { x, i, f, g, o, C, h, p: softmax(logits) };
}

/** to += row @ matrix, the matrix stored row by row; their number is a multiple of four. */
function addProduct(to, row, matrix) {
  const N = to.length; // four rows at once: twice as fast as one
  for (let k = 0; k < row.length; k += 4) {
    const p = k * N, q = p + N, r = q + N, s = r + N;
    const p0 = row[k], q0 = row[k + 1], r0 = row[k + 2], s0 = row[k + 3];
    for (let j = 0; j < N; j += 1) {
      to[j] += p0 * matrix[p + j] + q0 * matrix[q + j] + r0 * matrix[r + j] + s0 * matrix[s + j];
    }
  }
}

/** Read characters from a zero state: a list of steps. What `known` has already read in the same way is taken over. */
export function read(network, characters, known = []) {
  const steps = [];
  let same = true;
  for (const [t, character] of characters.entries()) {
    const x = network.number.get(character);
    same &&= known[t]?.x === x;
    steps.push(same ? known[t] : step(network, x, steps[t - 1]));
  }
  return steps;
}

function softmax(logits) {
  const largest = Math.max(...logits);
  const e = logits.map((value) => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value);
  return e.map((value) => value / sum);
}

/** Mean of -log p over the characters from the second on, in nats; 0 for a single one. */
export function meanLoss(steps) {
  const losses = steps.slice(1).map(({ x }, t) => -Math.log(steps[t].p[x]));
  return losses.length ? losses.reduce((sum, value) => sum + value) / losses.length : 0;
}
