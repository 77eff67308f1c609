// What the pictures with a trained network share: its weights, fetched and unpacked, and what its logits say.

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
