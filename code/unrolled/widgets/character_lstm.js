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

/** One step: the character's number and the step before it (null at the start) give gates, C, h and the logits. */
function step(network, x, before) {
  const { H, V, W_ih, W_hh, b, W_hy, b_y } = network;
  const a = Float64Array.from(b, (value, j) => value + W_ih[x * 4 * H + j]); // one-hot: a row of W_ih
  for (let k = 0; before && k < H; k += 1) {
    const [h, row] = [before.h[k], k * 4 * H];
    for (let j = 0; j < 4 * H; j += 1) a[j] += h * W_hh[row + j];
  }
  const gate = (block, g) => a.slice(block * H, (block + 1) * H).map(g);
  const [i, f, g, o] = [gate(0, sigmoid), gate(1, sigmoid), gate(2, Math.tanh), gate(3, sigmoid)];
  const C = f.map((value, k) => value * (before ? before.C[k] : 0) + i[k] * g[k]);
  const h = o.map((value, k) => value * Math.tanh(C[k]));
  const logits = Float64Array.from(b_y);
  for (let k = 0; k < H; k += 1) for (let v = 0; v < V; v += 1) logits[v] += h[k] * W_hy[k * V + v];
  return { x, i, f, g, o, C, h, logits };
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

export function softmax(logits) {
  const largest = Math.max(...logits);
  const e = Array.from(logits, (value) => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value);
  return e.map((value) => value / sum);
}

/** Mean of -log p over the characters from the second on, in nats; 0 for a single one. */
export function meanLoss(steps) {
  const losses = steps.slice(1).map(({ x }, t) => -Math.log(softmax(steps[t].logits)[x]));
  return losses.length ? losses.reduce((sum, value) => sum + value) / losses.length : 0;
}
