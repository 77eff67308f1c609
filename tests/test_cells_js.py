"""The cells in JavaScript are twins of NumPy's: outputs, states and all gradients, for every cell and setting.

The cells are those of `convert.BLOCKS` and every activation, so that a new variant without a twin fails by name.
"""

import dataclasses
import re

import numpy as np
import pytest

import oracles
from built_site import ROOT, visit
from node import Node
from oracles import SETTINGS
from unrolled import RNN, activations, bptt, convert, optim, readout, unroll
from unrolled.activations import ACTIVATIONS
from unrolled.sequence import stacked
from unrolled.widgets.module import HERE, module

TWIN = (ROOT / "tests" / "twin.js").read_text(encoding="utf-8")
LOOP = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const found = await answer(JSON.parse(line)).catch((error) => ({ error: String(error.stack) }));
  console.log(JSON.stringify(found));
}
"""
CELLS = {repr(cell): cell for cell in [*convert.BLOCKS, *map(RNN, ACTIVATIONS)]}
SIZES = [(4, 3, 5, 2), (5, 7, 6, 9), (1, 1, 1, 1), (3, 2, 1, 4)]  # T, B, D, H: whole blocks of the products, and edges
every_cell = pytest.mark.parametrize("name", CELLS)


def source(fault=None):
    """All of cells.js and learning.js as one module. fault: a class or function, a text that stands in it once, and
    what stands there instead."""
    text = module(HERE / "cells.js", HERE / "learning.js")
    if fault:
        place, right, wrong = fault
        start = re.search(rf"^(class|function|const) {place}\b", text, flags=re.M).start()
        body = text[start : text.index("\n}", start)]
        assert body.count(right) == 1, f"{right!r} stands {body.count(right)} times in {place}"
        text = text.replace(body, body.replace(right, wrong))
    cells = "RNN, LSTM, PeepholeLSTM, CoupledLSTM, GRU, unroll, bptt, lastState, tanh, sigmoid, orthogonal"
    learning = "generator, Readout, crossEntropy, squaredError, clipByNorm, Adam"
    return f"{text}\nexport {{ {cells}, {learning} }};"


@pytest.fixture(scope="module")
def ask():
    """A function: cases and a module's text -> answers, computed by Node."""
    node = Node(ROOT / "tests", "--input-type=module", "-e", TWIN + LOOP)
    yield lambda cases, text=source(): node.ask({"source": text, "cases": cases})["answers"]  # noqa: B008
    node.close()


def twin(cell):
    """How the cell is named in JavaScript: its class and its settings."""
    return [type(cell).__name__, *dataclasses.astuple(cell)]


def question(case, **more):
    """A Case as JSON: flat arrays, states by name."""
    flat = {"xs": case.xs, "d_ys": case.d_ys, **case.params}
    flat = {name: array.ravel().tolist() for name, array in flat.items()}
    states = {name: {f: a.ravel().tolist() for f, a in s._asdict().items()}
              for name, s in (("state", case.state), ("d_last", case.d_last))}  # fmt: skip
    return {
        "cell": twin(case.cell),
        "params": {name: flat[name] for name in case.params},
        "xs": flat["xs"],
        "d_ys": flat["d_ys"],
        "lengths": None if case.lengths is None else case.lengths.tolist(),
        **states,
        **more,
    }


def expected(case):
    """What NumPy computes, named as JavaScript's answer names it."""
    c = case
    ys, states = unroll(c.cell, c.params, c.xs, c.state, c.lengths)
    d_params, d_xs, d_states = bptt(c.cell, c.params, c.xs, states, c.d_ys, c.d_last, c.lengths)
    return {
        "ys": ys,
        "states": stacked(states)._asdict(),
        "d_params": d_params,
        "d_xs": d_xs,
        "d_states": stacked(d_states)._asdict(),
    }


def differences(answer, want, path=""):
    """By path, the largest difference divided by the largest entry that is wanted (or by 1 where that is larger)."""
    if isinstance(want, dict):
        assert answer is not None, f"{path} is missing"
        assert answer.keys() == want.keys(), path
        return {p: d for name in want for p, d in differences(answer[name], want[name], f"{path}.{name}").items()}
    got = np.array(answer, float)
    assert got.size == want.size, f"{path}: {got.size} numbers for {want.shape}"
    return {path[1:]: np.abs(got - want.ravel()).max() / max(1, np.abs(want).max())}


def agree(answer, want, tolerance=1e-12):
    assert "error" not in answer, answer["stack"]
    for path, difference in differences({name: answer[name] for name in want}, want).items():
        assert difference <= tolerance, f"{path}: relative difference {difference:.1e} exceeds {tolerance:.0e}"


def cases(cell, dtype=np.float64, settings=SETTINGS, sizes=SIZES):
    return [
        oracles.case(cell, s, *size, seed, dtype)
        for seed, (s, size) in enumerate((s, z) for s in settings for z in sizes)
    ]


# --- Proofs -------------------------------------------------------------------------------------------------------
@every_cell
def test_outputs_states_and_all_gradients_equal_numpys(name, ask):
    asked = cases(CELLS[name])
    for case, answer in zip(asked, ask([question(case) for case in asked]), strict=True):
        agree(answer, expected(case))


@every_cell
def test_a_run_that_is_used_again_forgets_the_first(name, ask):
    asked = cases(CELLS[name], settings=["first state", "all"], sizes=SIZES[:2])
    for case, answer in zip(asked, ask([question(case, ask="again") for case in asked]), strict=True):
        agree(answer, expected(case))
        assert answer["same"], "arrays were allocated anew"
        assert answer["another"], "a run was used for other sizes"


@every_cell
def test_a_step_and_its_gradient_equal_numpys(name, ask):
    asked = cases(CELLS[name], settings=["gradient of the last state", "all"])
    asked = [case._replace(xs=case.xs[:1], d_ys=case.d_ys[:1], lengths=None) for case in asked]
    for case, answer in zip(asked, ask([question(case, ask="step") for case in asked]), strict=True):
        output, after = case.cell.step(case.params, case.xs[0], case.state)
        d_a, d_before = case.cell.step_grad(case.params, case.xs[0], case.state, after, case.d_ys[0], case.d_last)
        want = {"output": output, "after": after._asdict(), "d_a": d_a, "d_before": d_before._asdict()}
        agree(answer, want)


@every_cell
def test_numbers_that_stand_for_rows_with_a_single_one(name, ask):
    """As characters come: x is a whole number, and no row of zeros and a one is multiplied."""
    case = oracles.case(CELLS[name], "all", 5, 4, 6, 3)
    numbers = np.random.default_rng(0).integers(0, 6, (5, 4))
    want = expected(case._replace(xs=np.eye(6)[numbers]))
    del want["d_xs"]
    (answer,) = ask([question(case) | {"xs": {"whole": numbers.ravel().tolist()}}])
    agree(answer, want)
    assert answer["d_xs"] is None


@every_cell
def test_float32_is_near(name, ask):
    asked = cases(CELLS[name], np.float32)
    for case, answer in zip(asked, ask([question(case, float=32) for case in asked]), strict=True):
        wide = case._replace(**{
            "params": {n: p.astype(float) for n, p in case.params.items()}, "xs": case.xs.astype(float),
            "d_ys": case.d_ys.astype(float), "state": case.cell.State(*(s.astype(float) for s in case.state)),
            "d_last": case.cell.State(*(s.astype(float) for s in case.d_last)),
        })  # fmt: skip
        agree(answer, expected(wide), 1e-5)


def test_a_browser_computes_the_same(browser, tmp_path):
    asked = [case for cell in CELLS.values() for case in cases(cell, settings=["all"], sizes=SIZES[:2])]
    (tmp_path / "page.html").write_text("<!doctype html><title>x</title>")
    with visit(browser, (tmp_path / "page.html").as_uri()) as seen:
        given = {"source": source(), "cases": [question(case) for case in asked]}
        found = seen.page.evaluate(f"question => {{ {TWIN}\n return answer(question); }}", given)
        assert not seen.complaints
    for case, answer in zip(asked, found["answers"], strict=True):
        agree(answer, expected(case))


# --- Would they notice? A line as a tired reader might write it -----------------------------------------------------
DIAGONAL, FULL, AFTER = "PeepholeLSTM(form='diagonal')", "PeepholeLSTM(form='full')", "GRU(reset_after=True)"
TANH, RELU = "RNN(activation='tanh')", "RNN(activation='relu')"
# what is wrong: (where, the right text, the wrong text, of which cell)
FAULTS = {
    # the simple cell
    "tanh' forgotten": ("RNN", "d_h * dg_h(h[q])", "d_h", TANH),
    "next step dropped": ("RNN", "output[q] + after.h[q]", "output[q]", RELU),
    "tanh' of a": ("RNN", "dg_h(h[q])", "dg_h(now.a[q])", TANH),
    "relu for tanh": ("activations", "tanh: [tanh,", "tanh: [(a) => Math.max(a, 0),", TANH),
    "W_hh not transposed": ("Cell", "addProductT(d.h,", "addProduct(d.h,", TANH),
    "state not carried": ("Cell", "addProduct(now[gate], now.before.h, W_hh[gate], H, H)", "", TANH),
    "W_hh's gradient from the new h": ("Cell", "all.before.h", "all.h", TANH),
    # the LSTM
    "i and f swapped": ("LSTM", 'gates = ["i", "f", "g", "o"]', 'gates = ["f", "i", "g", "o"]', "LSTM()"),
    "g and o swapped": ("LSTM", 'gates = ["i", "f", "g", "o"]', 'gates = ["i", "f", "o", "g"]', "LSTM()"),
    "candidate without tanh": ("LSTM", "g[q] = tanh(g[q])", "", "LSTM()"),
    "candidate a gate": ("LSTM", "g[q] = tanh(g[q])", "g[q] = sigmoid(g[q])", "LSTM()"),
    "h without tanh": ("LSTM", "o[q] * tanh_c[q];", "o[q] * c[q];", "LSTM()"),
    "i and f swap roles": ("LSTM", "f[q] * c0[q] + i[q] * g[q]", "i[q] * c0[q] + f[q] * g[q]", "LSTM()"),
    "d_c: the later C missing": ("LSTM", "d_c1[q] + ", "", "LSTM()"),
    "d_c: the output missing": ("LSTM", " + d_h * o[q] * (1 - tanh_c[q] * tanh_c[q])", "", "LSTM()"),
    "d_c: tanh' missing": ("LSTM", " * (1 - tanh_c[q] * tanh_c[q])", "", "LSTM()"),
    "d_c not through f": ("LSTM", "d_c0[q] = d_c * f[q]", "d_c0[q] = d_c", "LSTM()"),
    "d_f with the new C": ("LSTM", "d_c * c0[q]", "d_c * now.c[q]", "LSTM()"),
    "missing (1 - o)": ("LSTM", "d_o * o[q] * (1 - o[q])", "d_o * o[q]", "LSTM()"),
    "d_h not emptied": ("LSTM", "d.h.fill(0);", "", "LSTM()"),
    # peepholes
    "o sees the old C": ("PeepholeLSTM", "see(o, c, ", "see(o, c0, ", DIAGONAL),
    "i sees through W_cf": ("PeepholeLSTM", "w.params.W_ci, w.H);\n    see(f", "w.params.W_cf, w.H);\n    see(f", FULL),
    "d_c without o's view": ("PeepholeLSTM", "seeGrad(d_c, d_a_o, w.params.W_co, w.H);", "", FULL),
    "d_c without f's view": ("PeepholeLSTM", "seeGrad(d_c, d_a_f, w.params.W_cf, w.H);", "", DIAGONAL),
    "W_co's gradient from the old C": ("PeepholeLSTM", "all.c, d.o", "all.before.c, d.o", DIAGONAL),
    "d_i and d_f swapped": ("PeepholeLSTM", "grads.W_ci, all.before.c, d.i", "grads.W_ci, all.before.c, d.f", FULL),
    "C seen through the transpose": ("forms", "addProduct(a, c, W", "addProductT(a, c, W", FULL),
    # coupled gates
    "not coupled": ("CoupledLSTM", "(1 - f[q]) * g[q];", "g[q];", "CoupledLSTM()"),
    "f also writes": ("CoupledLSTM",
        "f[q] * c0[q] + (1 - f[q]) * g[q]", "(1 - f[q]) * c0[q] + f[q] * g[q]", "CoupledLSTM()"),
    "d_f forgets that f takes from g": ("CoupledLSTM", "(before.c[q] - g[q])", "before.c[q]", "CoupledLSTM()"),
    # the GRU
    "z flipped": ("GRU",
        "(1 - z[q]) * h0[q] + z[q] * n[q]", "z[q] * h0[q] + (1 - z[q]) * n[q]", "GRU(reset_after=False)"),
    "(1 - z) missing": ("GRU", "(1 - z[q]) * h0[q] + ", "h0[q] + ", AFTER),
    "reset gate dropped": ("GRU", "past[q] = r[q] * h0[q]", "past[q] = h0[q]", "GRU(reset_after=False)"),
    "b_hn outside the reset": ("GRU", "past.set(params.b_hn, q)", "n.set(params.b_hn, q)", AFTER),
    "the way past n dropped": ("GRU", "d_h0[q] = d_h * (1 - z[q])", "d_h0[q] = 0", AFTER),
    "d_r without h": ("GRU", "d_past[q] * h0[q]", "d_past[q]", "GRU(reset_after=False)"),
    "W_hn's gradient without r": ("GRU", "addTProduct(n, all.past, d.n", "addTProduct(n, all.before.h, d.n",
        "GRU(reset_after=False)"),
    "b_hn's gradient without r": ("GRU", "addRows(grads.b_hn, d.past)", "addRows(grads.b_hn, d.n)", AFTER),
    # the products and the loops over time
    "state moves in the padding": ("unroll", "hold(run, t, now[field], now.before[field])", "{}", "LSTM()"),
    "d_state lost in the padding": ("bptt", "hold(run, t, d[field], d.after[field])", "{}", "LSTM()"),
    "b summed over the wrong axis": ("addRows", "to[n] += A[row + n]", "to[(row / N) % N] += A[row + n]", TANH),
    "a column of a block lost": ("multiply", "q3 += b * w3;", "", "LSTM()"),
    "the last row its neighbour": ("multiply", "alone ? p : p + am", "p", "LSTM()"),
    "the edge lost": ("multiply", "let n = whole", "let n = N", "LSTM()"),
    "first state ignored": ("unroll", "state ? run.states", "false ? run.states", "LSTM()"),
    "d_state forgotten": ("bptt", "if (d_state) d_states", "if (false) d_states", "LSTM()"),
    "one step too many": ("hold", "t < lengths", "t <= lengths", TANH),
    "outputs in the padding": ("unroll", "clearPadding(run, run.ys, H);", "", RELU),
    "d_a in the padding": ("bptt", "hold(run, t, d[name], null)", "{}", TANH),
    "gradients of the last call kept": ("bptt",
        "for (const array of Object.values(d_params)) array.fill(0);", "", DIAGONAL),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_one_line_fault_turns_the_comparison_red(fault, ask):
    *fault, name = FAULTS[fault]
    (case,) = cases(CELLS[name], settings=["all"], sizes=SIZES[1:2])
    found = ask([question(case, ask=kind) for kind in ("sequence", "again")], source(fault))
    assert not any("error" in answer for answer in found), found  # not that it does not run: the numbers are wrong
    with pytest.raises(AssertionError, match="exceeds"):
        for answer in found:
            agree(answer, expected(case))


# --- What bends the sums --------------------------------------------------------------------------------------------
def test_tanh_is_numpys_to_the_last_digits_and_exact_where_nothing_is_left_of_it(ask):
    rng = np.random.default_rng(0)
    a = np.concatenate([rng.uniform(-19, 19, 4000), rng.choice([-1, 1], 2000) * 10 ** rng.uniform(-300, 2, 2000), [0]])
    call = "({ tanh: xs.map(tanh), sigmoid: xs.map(sigmoid), nan: String(tanh(NaN)) })"
    (answer,) = ask([{"ask": "call", "call": call, "xs": a.tolist()}])
    np.testing.assert_allclose(answer["tanh"], np.tanh(a), rtol=2e-15, atol=0)
    np.testing.assert_allclose(answer["sigmoid"], activations.sigmoid(a), rtol=0, atol=1e-15)
    far = np.abs(a) > 18.8
    np.testing.assert_array_equal(np.array(answer["tanh"])[far], np.sign(a[far]))
    assert answer["nan"] == "NaN"


# --- Where weights start ------------------------------------------------------------------------------------------
@every_cell
def test_weights_start_orthogonal_within_glorots_limits_and_with_the_forget_gate_open(name, ask):
    cell, (D, H) = CELLS[name], (5, 9)
    asked = [{"ask": "init", "cell": twin(cell), "seed": seed, "D": D, "H": H} for seed in (1, 1, 2)]
    first, again, other = ask(asked)
    assert first == again != other
    params = {n: np.reshape(first[n], shape) for n, shape in cell.shapes(D, H).items()}
    assert first.keys() == params.keys()
    blocks = {n: np.split(params[n], cell.blocks, axis=1) for n in ("W_ih", "W_hh")}
    for block in blocks["W_hh"]:
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)
    limit = np.sqrt(6 / (D + H))
    assert 0.9 * limit < np.abs(params["W_ih"]).max() < limit
    assert all(abs(block.mean()) < limit / 4 for block in blocks["W_ih"])
    for gates in blocks.values():
        assert all(not np.array_equal(a, b) for i, a in enumerate(gates) for b in gates[:i])
    zero = cell.init(np.random.default_rng(0), D, H)  # what is not drawn is as in NumPy: the forget gate's bias too
    for n in params.keys() - {"W_ih", "W_hh"}:
        np.testing.assert_array_equal(params[n], zero[n])
    (narrow,) = ask([asked[0] | {"float": 32}])
    np.testing.assert_array_equal(np.float32(params["W_ih"]).ravel(), np.float32(narrow["W_ih"]))


def test_rotations_are_drawn_evenly(ask):
    """No direction is preferred: over many draws each entry's mean is 0 and its square's mean 1 / H."""
    call = "Array.from({ length: 400 }, ((rng) => () => orthogonal(rng, 3))(generator(5)))"
    draws = np.array(ask([{"ask": "call", "call": call}])[0])
    assert np.abs(draws.mean(axis=0)).max() < 5 * np.sqrt(1 / 3 / 400)
    assert np.abs((draws**2).mean(axis=0) - 1 / 3).max() < 5 * np.sqrt(4 / 45 / 400)


# --- What training needs --------------------------------------------------------------------------------------------
def test_the_readout_and_its_losses_equal_numpys(ask):
    rng = np.random.default_rng(3)
    T, B, H, V = 4, 3, 5, 6
    params = {"W_hy": rng.normal(size=(H, V)), "b_y": rng.normal(size=V)}
    h, targets, labels = rng.normal(size=(T * B, H)), rng.normal(size=(T * B, V)), rng.integers(0, V, T * B)
    logits = readout.linear(params, h)
    given = {"params": {n: p.ravel().tolist() for n, p in params.items()}, "xs": h.ravel().tolist()}
    given |= {"d_ys": targets.ravel().tolist(), "ask": "call"}
    call = """(() => {
      const out = new Readout(), logits = out.forward(params, xs), seen = logits.slice();
      const loss = LOSS;
      const [d_params, d_h] = out.backward(params, xs, logits);
      return { seen, loss, d: logits, d_params, d_h };
    })()"""
    losses = f"crossEntropy(logits, Int32Array.from({labels.tolist()}))", "squaredError(logits, d_ys)"
    calls = [call.replace("LOSS", loss) for loss in losses]
    found = ask([given | {"call": call} for call in calls])
    loss, d_logits = readout.cross_entropy(logits, labels)
    wanted = [(loss, d_logits), (((logits - targets) ** 2).mean(), 2 * (logits - targets) / logits.size)]
    for answer, (loss, d_logits) in zip(found, wanted, strict=True):
        d_params, d_h = readout.linear_grad(params, h, d_logits)
        agree(answer, {"seen": logits, "loss": np.array(loss), "d": d_logits, "d_params": d_params, "d_h": d_h})


def test_a_negative_label_does_not_count(ask):
    rng = np.random.default_rng(4)
    logits, labels = rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 0])
    given = {"xs": logits.ravel().tolist(), "ask": "call"}
    call = "(() => { const loss = crossEntropy(xs, Int32Array.from([-1, 0, 1, -1, 0])); return { loss, d: xs }; })()"
    (answer,) = ask([given | {"call": call}])
    loss, d = readout.cross_entropy(logits[[1, 2, 4]], labels[[1, 2, 4]])
    want = np.zeros((5, 3))
    want[[1, 2, 4]] = d
    agree(answer, {"loss": np.array(loss), "d": want})


def test_adam_and_clipping_equal_numpys(ask):
    rng = np.random.default_rng(5)
    params = {"w": rng.normal(size=4), "b": rng.normal(size=3)}
    grads = [{"w": rng.normal(size=4), "b": rng.normal(size=3)} for _ in range(3)]
    plain = [{n: g.tolist() for n, g in grad.items()} for grad in grads]
    call = f"""(() => {{
      const adam = new Adam(params, {{ learningRate: 0.1 }}), norms = [];
      for (const grad of {plain}) {{
        const g = {{ w: Float64Array.from(grad.w), b: Float64Array.from(grad.b) }};
        norms.push(clipByNorm(g, 2.5));
        adam.step(g);
      }}
      return {{ params, norms }};
    }})()"""
    (answer,) = ask([{"ask": "call", "call": call, "params": {n: p.tolist() for n, p in params.items()}}])
    adam, norms = optim.Adam(params, 0.1), []
    for grad in grads:
        clipped, norm = optim.clip_by_norm(grad, 2.5)
        norms.append(norm)
        adam.step(clipped)
    assert min(norms) < 2.5 < max(norms)
    agree(answer, {"params": params, "norms": np.array(norms)})


@every_cell
def test_a_cell_learns(name, ask):
    """Forward, backward, Adam: the sum of what came becomes the last output, and the loss falls to a tenth."""
    call = """(() => {
      const rng = generator(0), [T, B, D, H] = [6, 16, 1, 8];
      const xs = Float64Array.from({ length: T * B * D }, () => rng() - 0.5);
      const targets = Float64Array.from({ length: B }, (_, b) => xs.reduce((s, x, i) => s + (i % B === b ? x : 0), 0));
      const out = new Readout(), params = cell.init(rng, D, H), y = out.init(rng, H, 1);
      const adam = [new Adam(params, { learningRate: 0.02 }), new Adam(y, { learningRate: 0.02 })];
      const [losses, d_ys] = [[], new Float64Array(T * B * H)];
      let run = null;
      for (let iteration = 0; iteration < 300; iteration += 1) {
        run = unroll(cell, params, xs, null, { B, run });
        const h = run.ys.subarray((T - 1) * B * H), logits = out.forward(y, h);
        losses.push(squaredError(logits, targets));
        const [d_y, d_h] = out.backward(y, h, logits);
        d_ys.set(d_h, (T - 1) * B * H);
        adam[0].step(bptt(run, d_ys).d_params);
        adam[1].step(d_y);
      }
      return losses;
    })()"""
    (losses,) = ask([{"ask": "call", "call": call, "cell": twin(CELLS[name])}])
    assert losses[-1] < losses[0] / 10


# --- Wrong arguments ----------------------------------------------------------------------------------------------
# A case of T, B, D, H = 4, 3, 5, 2: a call, and what is said.
WRONG = [
    ("unroll(cell, {}, xs, state)", "TypeError: params: b is missing; LSTM.init makes all of them"),
    ("unroll(cell, { ...params, W_hh: undefined }, xs)", "params: W_hh is missing; LSTM.init makes all of them"),
    ("unroll(cell, { ...params, W_hh: params.W_hh.slice(1) }, xs)",
        "RangeError: params.W_hh: expected 16 numbers, (2, 8), got 15"),
    ("unroll(cell, { ...params, W_ih: params.W_ih.slice(1) }, xs)",
        "D, the length of params.W_ih divided by that of b: expected a whole number of at least 1, got 4.875"),
    ("unroll(cell, { ...params, b: params.b.slice(1) }, xs)",
        "H, the length of params.b divided by 4: expected a whole number of at least 1, got 1.75"),
    ("unroll(cell, { ...params, W_hh: Array.from(params.W_hh) }, xs)",
        "TypeError: params.W_hh: expected a Float64Array (2, 8), got Array"),
    ("unroll(cell, { ...params, W_hh: params.W_hh.fill(NaN, 3, 4) }, xs)",
        "params.W_hh: expected finite numbers, got NaN at index 3"),
    ("unroll(cell, params, xs.slice(1), state)", "RangeError: xs: expected 45 numbers, (3, 3, 5), got 59"),
    ("unroll(cell, params, [], state)", "TypeError: xs: expected a Float64Array (1, 3, 5), got Array"),
    ("unroll(cell, params, Float32Array.from(xs), state)",
        "TypeError: xs: expected a Float64Array (4, 3, 5), got Float32"),
    ("unroll(cell, params, null, state)", "TypeError: xs: expected a Float64Array (1, 3, 5), got null"),
    ("unroll(cell, params, Int32Array.from([0, 5, 1]), state)", "xs: expected numbers from 0 to 4, got 5"),
    ("unroll(cell, params, xs, { h: state.h })", "TypeError: state: expected a dict with h, c; c is missing"),
    ("unroll(cell, params, xs, { h: state.h, c: state.c.slice(2) })", "state.c: expected 6 numbers, (3, 2), got 4"),
    ("unroll(cell, params, xs, { h: state.h.slice(1), c: state.c })",
        "B, the length of state.h divided by H = 2: expected a whole number of at least 1, got 2.5"),
    ("unroll(cell, params, xs, null, { B: 0.5 })", "B: expected a whole number of at least 1, got 0.5"),
    ("unroll(cell, params, xs, state, { lengths: [4, 3] })",
        "lengths: expected 3 whole numbers from 1 to T = 4, got 4, 3"),
    ("unroll(cell, params, xs, state, { lengths: [5, 3, 1] })", "lengths: expected 3 whole numbers from 1 to T = 4"),
    ("unroll(cell, params, xs, state, { lengths: [4, 3, 0.5] })", "got 4, 3, 0.5"),
    ("bptt(unroll(cell, params, xs, state), d_ys.slice(6))", "d_ys: expected 24 numbers, (4, 3, 2), got 18"),
    ("bptt(unroll(cell, params, xs, state), d_ys, { h: d_last.h })",
        "d_state: expected a dict with h, c; c is missing"),
    ("cell.init(0, 3, 5)", "TypeError: rng: expected a function that draws from [0, 1), got 0"),
    ("cell.init(generator(0), 3, 0)", "RangeError: hidden_size: expected a whole number of at least 1, got 0"),
    ("cell.init(generator(0), 2.5, 2)", "RangeError: input_size: expected a whole number of at least 1, got 2.5"),
    ('new RNN("sigmoid")', "RangeError: activation: expected one of linear, relu, tanh, got sigmoid"),
    ('new PeepholeLSTM("row")', "RangeError: form: expected one of diagonal, full, got row"),
    ("new Readout().forward({ W_hy: params.W_ih, b_y: params.b }, d_ys)", "h: expected rows of H = 5 numbers, got 24"),
    ("crossEntropy(xs, Int32Array.from([0, 1, 2, 3, 4, 5, 6]))",
        "labels: expected one for each row of logits, got 7 for 60"),
    ("crossEntropy(d_ys, Int32Array.from([0, 1, 12]))", "labels: expected whole numbers below 8, got 12"),
    ("squaredError(xs, d_ys)", "targets: expected 60 numbers as ys has, got 24"),
    ("new Adam(params).step({})", "grads.W_ih: expected 40 numbers, got undefined"),
]  # fmt: skip


def test_wrong_arguments_are_named(ask):
    case = question(oracles.case(CELLS["LSTM()"], "first state"))
    answers = ask([case | {"ask": "call", "call": call} for call, _ in WRONG])
    for (call, words), answer in zip(WRONG, answers, strict=True):
        assert words in answer.get("error", "no error"), call
