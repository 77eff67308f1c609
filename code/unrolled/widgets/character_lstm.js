// The trained character network: its weights unpacked, what it reads.

import { LSTM } from "./cells.js";
import { bytes } from "./heavy_file.js";
import { Readout } from "./learning.js";
import { unroll } from "./sequence.js";

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

const CELL = new LSTM();

/** Read characters from a zero state: a list of steps, each with the character's number, gates, C, h and p, the next
 * one's chances. What `known` has already read in the same way is taken over. */
export function read(network, characters, known = []) {
  const numbers = characters.map((character) => network.number.get(character));
  const differs = numbers.findIndex((x, t) => known[t]?.x !== x);
  const steps = known.slice(0, differs < 0 ? numbers.length : differs);
  if (differs < 0) return steps;
  const before = steps.at(-1) && { h: steps.at(-1).h, c: steps.at(-1).C };
  const run = unroll(CELL, network, Int32Array.from(numbers.slice(differs)), before);
  const logits = new Readout().forward(network, run.ys);
  const { H, V } = network;
  for (let t = 0; t < run.T; t += 1) {
    const at = (array, step = t) => array.subarray(step * H, (step + 1) * H);
    const [i, f, g, o] = CELL.gates.map((gate) => at(run.gates[gate]));
    const [C, h] = [at(run.states.c, t + 1), at(run.ys)];
    steps.push({ x: numbers[differs + t], i, f, g, o, C, h, p: softmax(logits.subarray(t * V, (t + 1) * V)) });
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
