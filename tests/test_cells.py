"""Every cell, with every setting, against finite differences and against outside libraries; and what must hold for
any cell, any sizes and any numbers. test_faults.py shows that these proofs notice a wrong line."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import oracles
from oracles import CELLS, SETTINGS, agree, case, cells_of, ours
from unrolled import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, bptt, convert, gradcheck, truncated_bptt, unroll
from unrolled.initializers import chrono, identity, variance_scaling

every_cell = pytest.mark.parametrize("name", CELLS)
every_setting = pytest.mark.parametrize("setting", SETTINGS)
PEEPHOLES = ["PeepholeLSTM diagonal", "PeepholeLSTM full"]
TF1_SETTINGS = ["all"]  # a graph for each takes time


# --- Proofs: is it right? -------------------------------------------------------------------------------------
@every_setting
@every_cell
def test_gradients_agree_with_finite_differences(name, setting):
    c = case(CELLS[name], setting)
    answer = ours(c)
    arrays = c.params | {"xs": c.xs} | c.state._asdict()
    gradcheck.check(lambda: oracles.loss(c), arrays, answer.d_params | {"xs": answer.d_xs} | answer.d_first._asdict())


@every_setting
@pytest.mark.parametrize("name", cells_of("PyTorch"))
def test_torch_nn_computes_the_same(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.torch_nn(c))


@every_setting
def test_coupled_gates_are_a_torch_lstm_with_a_negated_gate(setting):
    c = case(CoupledLSTM(), setting)
    agree(ours(c), oracles.torch_lstm_with_negated_gate(c))


@every_setting
@pytest.mark.parametrize("name", PEEPHOLES)
def test_peepholes_are_two_torch_lstm_cells(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.torch_two_lstm_cells(c))


@pytest.mark.parametrize("setting", [setting for setting, has in SETTINGS.items() if "lengths" not in has])
def test_tensorflows_block_lstm_computes_the_same(setting):
    c = case(PeepholeLSTM("diagonal"), setting)
    agree(ours(c), oracles.block_lstm(c), rtol=1e-6)  # float32


@every_setting
@pytest.mark.parametrize("name", cells_of("Keras"))
def test_keras_layers_compute_the_same(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.keras_layer(c))


@every_setting
@pytest.mark.parametrize("name", cells_of("Keras cells"))
def test_our_keras_cells_compute_the_same(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.our_keras_cell(c))


@every_setting
@pytest.mark.parametrize("name", cells_of("ONNX"))
def test_onnx_runtime_computes_the_same(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.onnx_runtime(c), rtol=1e-6)  # float32, forward only


@pytest.mark.filterwarnings("ignore:.* is deprecated and will be removed")
@pytest.mark.parametrize("setting", TF1_SETTINGS)
@pytest.mark.parametrize("name", cells_of("TensorFlow 1"))
def test_tensorflow_1_computes_the_same(name, setting):
    c = case(CELLS[name], setting)
    agree(ours(c), oracles.tensorflow_1(c))


# --- Properties: for any sizes and numbers ----------------------------------------------------------------------
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)
# Nothing to shrink: all sizes are small.
few = settings(
    max_examples=10, deadline=None, derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False
)


@every_cell
@few
@given(T=st.integers(2, 7), B=sizes, D=sizes, H=sizes, seed=seeds, data=st.data())
def test_a_sequence_cut_in_two_with_the_state_carried_is_the_whole(name, T, B, D, H, seed, data):
    c = case(CELLS[name], "all", T, B, D, H, seed)._replace(lengths=None)
    cut = data.draw(st.integers(1, T - 1))
    second_start = unroll(c.cell, c.params, c.xs[:cut], c.state)[1][-1]
    second = ours(c._replace(xs=c.xs[cut:], d_ys=c.d_ys[cut:], state=second_start))
    first = ours(c._replace(xs=c.xs[:cut], d_ys=c.d_ys[:cut], d_last=second.d_first))
    joined = oracles.Answer(
        np.concatenate([first.ys, second.ys]),
        second.last,
        {n: first.d_params[n] + second.d_params[n] for n in c.params},
        np.concatenate([first.d_xs, second.d_xs]),
        first.d_first,
    )
    agree(joined, ours(c))


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds)
def test_the_order_of_the_batch_does_not_matter(name, T, B, D, H, seed):
    c = case(CELLS[name], "all", T, B, D, H, seed)
    order = np.random.default_rng(seed).permutation(B)
    mixed = ours(
        c._replace(
            xs=c.xs[:, order],
            state=c.cell.State(*(s[order] for s in c.state)),
            d_ys=c.d_ys[:, order],
            d_last=c.cell.State(*(s[order] for s in c.d_last)),
            lengths=c.lengths[order],
        )
    )
    a = ours(c)
    last, d_first = (c.cell.State(*(s[order] for s in state)) for state in (a.last, a.d_first))
    agree(mixed, oracles.Answer(a.ys[:, order], last, a.d_params, a.d_xs[:, order], d_first))


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds, size=st.sampled_from([0.0, 1.0, 1e3, 1e100, 1e308]))
def test_what_stands_in_the_padding_does_not_matter(name, T, B, D, H, seed, size):
    c = case(CELLS[name], "all", T, B, D, H, seed)
    rng = np.random.default_rng(seed)
    padding = np.arange(T)[:, None] >= c.lengths
    xs, d_ys = c.xs.copy(), c.d_ys.copy()
    xs[padding] = size * rng.choice([-1, 1], xs[padding].shape)
    d_ys[padding] = size * rng.choice([-1, 1], d_ys[padding].shape)
    with np.errstate(all="raise", under="ignore"):
        answer = ours(c._replace(xs=xs, d_ys=d_ys))
    agree(answer, ours(c), rtol=0)
    assert not answer.ys[padding].any()
    assert not answer.d_xs[padding].any()


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds, more=sizes)
def test_longer_padding_does_not_matter(name, T, B, D, H, seed, more):
    c = case(CELLS[name], "all", T, B, D, H, seed)
    longer = ours(
        c._replace(
            xs=np.concatenate([c.xs, np.ones((more, B, D))]), d_ys=np.concatenate([c.d_ys, np.ones((more, B, H))])
        )
    )
    agree(longer._replace(ys=longer.ys[:T], d_xs=longer.d_xs[:T]), ours(c))


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds)
def test_a_batch_of_lengths_is_its_sequences_one_by_one(name, T, B, D, H, seed):
    c = case(CELLS[name], "all", T, B, D, H, seed)
    whole = ours(c)
    d_params = dict.fromkeys(c.params, 0.0)
    for b, length in enumerate(c.lengths):
        one = slice(b, b + 1)
        state, d_last, last, d_first = (
            c.cell.State(*(s[one] for s in state)) for state in (c.state, c.d_last, whole.last, whole.d_first)
        )
        alone = ours(c._replace(
            xs=c.xs[:length, one], d_ys=c.d_ys[:length, one], state=state, d_last=d_last, lengths=None))  # fmt: skip
        agree(alone, oracles.Answer(whole.ys[:length, one], last, None, whole.d_xs[:length, one], d_first))
        d_params = {n: d_params[n] + alone.d_params[n] for n in d_params}
    agree(whole, oracles.Answer(None, None, d_params))


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds)
def test_the_gradient_of_a_sum_of_losses_is_the_sum_of_the_gradients(name, T, B, D, H, seed):
    one, other = (case(CELLS[name], "all", T, B, D, H, seed) for seed in (seed, seed + 1))
    other = one._replace(d_ys=other.d_ys, d_last=other.d_last)
    both = ours(one._replace(
        d_ys=one.d_ys + other.d_ys, d_last=one.cell.State(*map(np.add, one.d_last, other.d_last))))  # fmt: skip
    a, b = ours(one), ours(other)
    d_params = {n: a.d_params[n] + b.d_params[n] for n in a.d_params}
    agree(
        both, oracles.Answer(a.ys, a.last, d_params, a.d_xs + b.d_xs, type(a.last)(*map(np.add, a.d_first, b.d_first)))
    )


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds, more=st.integers(0, 3))
def test_truncation_longer_than_the_sequence_truncates_nothing(name, T, B, D, H, seed, more):
    c = case(CELLS[name], "first state", T, B, D, H, seed)
    _, states = unroll(c.cell, c.params, c.xs, c.state)
    d_params, d_xs = truncated_bptt(c.cell, c.params, c.xs, states, c.d_ys, T + more)
    agree(oracles.Answer(None, None, d_params, d_xs), ours(c)._replace(ys=None, last=None, d_first=None), rtol=0)


@every_cell
@few
@given(T=sizes, B=sizes, D=sizes, H=sizes, seed=seeds, steps=sizes)
def test_truncation_is_bptt_of_each_window_with_the_state_carried(name, T, B, D, H, seed, steps):
    c = case(CELLS[name], "first state", T, B, D, H, seed)
    _, states = unroll(c.cell, c.params, c.xs, c.state)
    found = truncated_bptt(c.cell, c.params, c.xs, states, c.d_ys, steps)
    d_params, d_xs, state = dict.fromkeys(c.params, 0.0), [], c.state
    for start in range(0, T, steps):
        window = slice(start, start + steps)
        part = ours(c._replace(xs=c.xs[window], d_ys=c.d_ys[window], state=state))
        d_params, state = {n: d_params[n] + part.d_params[n] for n in d_params}, part.last
        d_xs.append(part.d_xs)
    agree(oracles.Answer(None, None, *found), oracles.Answer(None, None, d_params, np.concatenate(d_xs)))


# --- Plain facts ----------------------------------------------------------------------------------------------
@every_cell
def test_arguments_are_left_alone(name):
    c = case(CELLS[name], "all")
    kept = {n: p.copy() for n, p in c.params.items()}, c.xs.copy(), [s.copy() for s in c.state], c.d_ys.copy()
    ours(c)
    np.testing.assert_equal((c.params, c.xs, list(c.state), c.d_ys), kept)


@every_setting
@every_cell
def test_float32_stays_float32(name, setting):
    c = case(CELLS[name], setting, dtype=np.float32)
    a = ours(c)
    assert {x.dtype for x in [a.ys, *a.last, *a.d_params.values(), a.d_xs, *a.d_first]} == {np.dtype("float32")}
    agree(a, ours(case(CELLS[name], setting)), rtol=1e-5)
    drawn = c.cell.init(np.random.default_rng(0), 5, 2, np.float32)
    assert {x.dtype for x in [*drawn.values(), *c.cell.zero_state(drawn, 3)]} == {np.dtype("float32")}


@every_cell
@few
@given(D=sizes, H=sizes)
def test_the_number_of_parameters_is_that_of_the_arrays(name, D, H):
    params = CELLS[name].init(np.random.default_rng(0), D, H)
    assert CELLS[name].number_of_parameters(D, H) == sum(array.size for array in params.values())
    assert {n: array.shape for n, array in params.items()} == CELLS[name].shapes(D, H)
    k = len(convert.BLOCKS[CELLS[name]]["unrolled"])
    more = {"PeepholeLSTM diagonal": 3 * H, "PeepholeLSTM full": 3 * H * H, "GRU reset after": H}.get(name, 0)
    assert CELLS[name].number_of_parameters(D, H) == k * H * (D + H + 1) + more


@every_cell
def test_each_block_of_weights_is_drawn_by_itself(name):
    cell, H = CELLS[name], 4
    params = cell.init(np.random.default_rng(0), 3, H, W_ih=variance_scaling, W_hh=identity)
    np.testing.assert_array_equal(params["W_hh"], np.tile(np.eye(H), cell.blocks))
    blocks = np.split(params["W_ih"], cell.blocks, axis=1)
    assert all(not np.array_equal(a, b) for i, a in enumerate(blocks) for b in blocks[:i])
    assert all(np.abs(block).max() <= 2 * np.sqrt(2.6 / 3) for block in blocks)
    for block in np.split(cell.init(np.random.default_rng(0), 3, H)["W_hh"], cell.blocks, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if "c" in cell.State._fields])
def test_the_forget_gate_starts_open_and_nothing_else_does(name):
    """A cell with weights zero and C = 1 keeps σ(1) of it; all gates but f start at their middle."""
    cell = CELLS[name]

    def zero(rng, fan_in, fan_out):
        return np.zeros((fan_in, fan_out))

    params = cell.init(np.random.default_rng(0), 3, 2, W_ih=zero, W_hh=zero)
    assert np.count_nonzero(params["b"]) == 2
    gates = cell.gates(params, np.ones((1, 3)), cell.State(np.ones((1, 2)), np.ones((1, 2))))
    for gate, value in gates._asdict().items():
        np.testing.assert_allclose(value, {"f": 1 / (1 + np.exp(-1)), "g": 0}.get(gate, 0.5), rtol=1e-15)
    longest = chrono(np.random.default_rng(0), 2, 50)
    gates = cell.gates(cell.init(np.random.default_rng(0), 3, 2, W_ih=zero, W_hh=zero, forget_bias=longest),
        np.ones((1, 3)), cell.zero_state(params, 1))  # fmt: skip
    np.testing.assert_allclose(1 / (1 - gates.f[0]), 1 + np.exp(longest), rtol=1e-12)


@pytest.mark.parametrize("form", ["diagonal", "full"])
def test_a_peephole_lstm_starts_as_an_lstm(form):
    cell = PeepholeLSTM(form)
    params = cell.init(np.random.default_rng(3), 5, 2, forget_bias=2.0, input_bias=-2.0)
    lstm = LSTM().init(np.random.default_rng(3), 5, 2, forget_bias=2.0, input_bias=-2.0)
    np.testing.assert_equal({n: params[n] for n in lstm}, lstm)
    xs = case(cell).xs
    np.testing.assert_array_equal(unroll(cell, params, xs)[0], unroll(LSTM(), lstm, xs)[0])


def test_an_identity_relu_cell_adds_up():
    """Le et al. (2015): with W_hh the identity the state is the running sum of what comes in."""
    cell = RNN("relu")
    params = cell.init(np.random.default_rng(0), 5, 2, W_hh=identity)
    xs = np.abs(case(cell).xs)
    params["W_ih"] = np.abs(params["W_ih"])
    np.testing.assert_allclose(unroll(cell, params, xs)[0], np.cumsum(xs @ params["W_ih"], axis=0), rtol=1e-14)


# --- Wrong arguments --------------------------------------------------------------------------------------------
WRONG_SEQUENCES = [
    (lambda xs: xs.tolist(), TypeError, "xs: expected a NumPy array of shape (T, B, 5), got list"),
    (lambda xs: xs[0], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (3, 5)"),
    (lambda xs: xs[:0], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (0, 3, 5)"),
    (lambda xs: xs[:, :0], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (4, 0, 5)"),
    (lambda xs: xs[..., :4], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (4, 3, 4)"),
    (lambda xs: xs.astype(int), TypeError, "xs: expected floating-point numbers, got dtype int64"),
    (lambda xs: xs.astype(np.float32), TypeError, "xs: expected float64 as the params have, got float32"),
    (lambda xs: np.where(xs == xs[1, 2, 3], np.nan, xs), ValueError, "got nan at index (1, 2, 3)"),
    (lambda xs: np.where(xs == xs[0, 0, 0], np.inf, xs), ValueError, "got inf at index (0, 0, 0)"),
]


@pytest.mark.parametrize(("change", "error", "message"), WRONG_SEQUENCES, ids=[m for _, _, m in WRONG_SEQUENCES])
@every_cell
def test_a_wrong_sequence_is_named(name, change, error, message):
    c = case(CELLS[name])
    with pytest.raises(error) as caught:
        unroll(c.cell, c.params, change(c.xs), c.state)
    assert message in str(caught.value)


def test_wrong_params_are_named_for_every_array_of_every_cell():
    for cell in CELLS.values():
        c = case(cell)
        for name, array in c.params.items():
            without = {n: a for n, a in c.params.items() if n != name}
            with pytest.raises(KeyError, match=f"params: {name} is missing; {type(cell).__name__}.init"):
                unroll(cell, without, c.xs)
            wrong = np.concatenate([array, array[..., :1]], axis=-1)  # a column too many
            with pytest.raises(ValueError, match=r'params\["\w+"\]: expected shape'):
                unroll(cell, c.params | {name: wrong}, c.xs)
            with pytest.raises(TypeError, match=r'params\["\w+"\]: expected float\d\d as the params have, got float'):
                unroll(cell, c.params | {name: array.astype(np.float32)}, c.xs)
            with pytest.raises(ValueError, match=rf'params\["{name}"\]: expected finite numbers, got nan'):
                unroll(cell, c.params | {name: array * np.nan}, c.xs)


WRONG_ARGUMENTS = [
    (lambda c, s: unroll(c.cell, c.params, c.xs, c.cell.State(*(a[:1] for a in c.state))),
     ValueError, r"state\.h: expected shape \(3, 2\) .* got \(1, 2\)"),
    (lambda c, s: unroll(c.cell, c.params, c.xs, c.state.h), TypeError,
     "state: expected a State with h, c, got ndarray"),
    (lambda c, s: unroll(c.cell, c.params, c.xs, lengths=[4, 3]), ValueError, "lengths: expected 3 whole numbers"),
    (lambda c, s: unroll(c.cell, c.params, c.xs, lengths=[4.0, 3.0, 1.0]), ValueError, "lengths: .* of float64"),
    (lambda c, s: unroll(c.cell, c.params, c.xs, lengths=[4, 3, 0]), ValueError, "from 1 to T = 4, got 0 to 4"),
    (lambda c, s: unroll(c.cell, c.params, c.xs, lengths=[5, 3, 1]), ValueError, "from 1 to T = 4, got 1 to 5"),
    (lambda c, s: bptt(c.cell, c.params, c.xs, s, c.d_ys[:-1]), ValueError, r"d_ys: expected shape \(4, 3, 2\)"),
    (lambda c, s: bptt(c.cell, c.params, c.xs, s[1:], c.d_ys), ValueError, r"states: expected T \+ 1 = 5 states"),
    (lambda c, s: bptt(c.cell, c.params, c.xs, s, c.d_ys, c.cell.State(*(a[:, :1] for a in c.state))),
     ValueError, r"d_state\.h: expected shape \(3, 2\) .* got \(3, 1\)"),
    (lambda c, s: bptt(c.cell, c.params, c.xs, s, c.d_ys, lengths=[9, 1, 1]), ValueError, "lengths: expected numbers"),
    (lambda c, s: truncated_bptt(c.cell, c.params, c.xs, s, c.d_ys, 0), ValueError, "steps: expected at least 1"),
    (lambda c, s: truncated_bptt(c.cell, c.params, c.xs, s, c.d_ys, 2.0), TypeError, "steps: expected a whole number"),
    (lambda c, s: RNN("sigmoid"), ValueError, r"activation: expected one of \['linear', 'relu', 'tanh'\], got"),
    (lambda c, s: PeepholeLSTM("row"), ValueError, r"form: expected one of \['diagonal', 'full'\], got 'row'"),
    (lambda c, s: c.cell.init(0, 3, 5), TypeError, "rng: expected a NumPy Generator"),
    (lambda c, s: c.cell.init(np.random.default_rng(0), 3, 0), ValueError, "hidden_size: expected at least 1, got 0"),
    (lambda c, s: c.cell.init(np.random.default_rng(0), 3.0, 2), TypeError, "input_size: expected a whole number"),
    (lambda c, s: c.cell.zero_state(c.params, True), TypeError, "batch_size: expected a whole number, got True"),
    (lambda c, s: GRU().shapes(3, -1), ValueError, "hidden_size: expected at least 1, got -1"),
    (lambda c, s: gradcheck.check(lambda: 0.0, {"w": np.ones((1, 2))}, {"w": np.ones(2)}),
     AssertionError, r"gradient of w: expected shape \(1, 2\), got \(2,\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG_ARGUMENTS, ids=[m for _, _, m in WRONG_ARGUMENTS])
def test_other_wrong_arguments_are_named(call, error, message):
    c = case(LSTM(), "first state")
    _, states = unroll(c.cell, c.params, c.xs, c.state)
    with pytest.raises(error, match=message):
        call(c, states)
