/** For test_cells_js.py, in Node and in the browser: what the cells of `source`, a module's text, compute. */
// biome-ignore lint/correctness/noUnusedVariables: called by the program that this text becomes part of
async function answer({ source, cases }) {
  const cells = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
  const typed = (value, Float) => {
    if (value?.whole) return Int32Array.from(value.whole);
    if (Array.isArray(value)) return Float.from(value);
    return value && Object.fromEntries(Object.entries(value).map(([name, array]) => [name, typed(array, Float)]));
  };
  const plain = (value) => {
    if (ArrayBuffer.isView(value)) return Array.from(value);
    if (Array.isArray(value)) return value.map(plain);
    return value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, v]) => [name, plain(v)]))
      : value;
  };
  return {
    answers: cases.map((asked) => {
      const Float = asked.float === 32 ? Float32Array : Float64Array;
      const given = Object.fromEntries(
        ["params", "xs", "state", "d_ys", "d_last"].map((name) => [name, typed(asked[name], Float)]),
      );
      try {
        return plain(asks[asked.ask ?? "sequence"](cells, asked, given, Float));
      } catch (error) {
        return { error: `${error.name}: ${error.message}`, stack: error.stack };
      }
    }),
  };
}

const made = (cells, [name, ...settings]) => {
  if (!cells[name]) throw Error(`cells.js has no ${name}`);
  return new cells[name](...settings);
};

const asks = {
  sequence(cells, { cell: names, lengths = null, B }, { params, xs, state, d_ys, d_last }) {
    const cell = made(cells, names);
    const run = cells.unroll(cell, params, xs, state, { lengths, B });
    return { ys: run.ys, states: run.states, ...(d_ys ? cells.bptt(run, d_ys, d_last) : {}) };
  },
  /** The same run used again after other numbers: the arrays are the same, and nothing of the first is left. */
  again(cells, { cell: names, lengths = null }, { params, xs, state, d_ys, d_last }) {
    const cell = made(cells, names);
    const other = (arrays) =>
      Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.map((x) => 0.3 - x)]));
    const first = cells.unroll(cell, other(params), xs, other(state), { lengths: lengths && [...lengths].reverse() });
    const before = cells.bptt(first, d_ys, other(d_last));
    const run = cells.unroll(cell, params, xs, state, { lengths, run: first });
    const found = cells.bptt(run, d_ys, d_last);
    const same = run === first && found.d_xs === before.d_xs && found.d_params.b === before.d_params.b;
    const one = cells.unroll(cell, params, xs.slice(0, xs.length / (run.T * run.B)), null, { run });
    return { ys: run.ys, states: run.states, ...found, same, another: one !== run };
  },
  step(cells, { cell: names }, { params, xs, state, d_ys, d_last }) {
    const cell = made(cells, names);
    const [output, after] = cell.step(params, xs, state);
    const [d_a, d_before] = cell.stepGrad(params, xs, state, d_ys, d_last);
    return { output, after, d_a, d_before };
  },
  init(cells, { cell: names, seed, D, H, ...settings }, _, Float) {
    return made(cells, names).init(cells.generator(seed), D, H, { Float, ...settings });
  },
  /** A call written out, for what is refused. */
  call(cells, { call, cell: names }, given, Float) {
    const names_ = { ...cells, ...given, Float, cell: names && made(cells, names) };
    return Function(...Object.keys(names_), `return ${call}`)(...Object.values(names_));
  },
};
