"""The fast engine: the numbers of `unroll` and `bptt`, from kernels that numba compiles."""

import functools
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unrolled
from unrolled import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, bptt, fast, unroll
from unrolled.fast import engine, kernels

T, B, D, H = 5, 3, 4, 11  # all different; H has a remainder after the eight numbers that a processor takes at once
CELLS = list(engine.CELLS)
every_cell = pytest.mark.parametrize("cell", CELLS, ids=str)


def case(cell, dtype=np.float64, T=T, B=B, D=D, H=H, seed=1):
    """params, all away from zero, xs, a state to start from, and the gradients of the outputs and the last state."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.normal(size=shape).astype(dtype)

    def state():
        return cell.State(*(draw(B, H) for _ in cell.State._fields))

    params = {name: p + draw(*p.shape) / 2 for name, p in cell.init(rng, D, H, dtype).items()}
    return params, draw(T, B, D), state(), draw(T, B, H), state()


def slow_answer(cell, params, xs, state, d_ys, d_state):
    """All that the plain loops compute, as a dict of arrays."""
    ys, states = unroll(cell, params, xs, state)
    d_params, d_xs, d_states = bptt(cell, params, xs, states, d_ys, d_state)
    return named(ys, states[-1], d_params, d_xs, d_states[0])


def fast_answer(cell, params, xs, state, d_ys, d_state):
    run = fast.unroll(cell, params, xs, state)
    return named(run.ys, run.state, *fast.bptt(cell, params, run, d_ys, d_state))


def named(ys, last, d_params, d_xs, d_first):
    last = {f"last {name}": array for name, array in last._asdict().items()}
    first = {f"d_{name}0": array for name, array in d_first._asdict().items()}
    return {"ys": ys, "d_xs": d_xs} | last | first | {f"d_{name}": array for name, array in d_params.items()}


def compare(got, expected, tolerance):
    assert set(got) == set(expected)
    for name, array in expected.items():
        assert got[name].dtype == array.dtype, name
        np.testing.assert_allclose(got[name], array, tolerance, tolerance * max(1, abs(array).max()), err_msg=name)


# --- The same numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 1e-5)])
@every_cell
def test_the_plain_loops_compute_the_same(cell, dtype, tolerance):
    arguments = case(cell, dtype)
    compare(fast_answer(cell, *arguments), slow_answer(cell, *arguments), tolerance)


sizes = st.integers(1, 9)


@settings(max_examples=40, deadline=None)
@given(cell=st.sampled_from(CELLS), T=sizes, B=sizes, D=sizes, H=st.integers(1, 20), seed=st.integers(0, 99))
def test_any_size_will_do(cell, T, B, D, H, seed):
    params, xs, state, d_ys, d_state = case(cell, np.float64, T, B, D, H, seed)
    for first, last in [(state, d_state), (None, None)]:
        arguments = params, xs, first, d_ys, last
        compare(fast_answer(cell, *arguments), slow_answer(cell, *arguments), 1e-11)


@every_cell
def test_arguments_stay_as_they_are(cell):
    arguments = case(cell)
    params, xs, state, d_ys, d_state = arguments
    kept = [array.copy() for array in [*params.values(), xs, *state, d_ys, *d_state]]
    first = fast_answer(cell, *arguments)
    np.testing.assert_equal([*params.values(), xs, *state, d_ys, *d_state], kept)
    run = fast.unroll(cell, params, xs, state)
    for _ in range(2):  # a run can be read backwards again
        again = named(run.ys, run.state, *fast.bptt(cell, params, run, d_ys, d_state))
        np.testing.assert_equal(again, first)


def test_how_arrays_lie_in_memory_makes_no_difference_and_compiles_nothing():
    cell = PeepholeLSTM()
    params, xs, state, d_ys, d_state = case(cell)
    expected = fast_answer(cell, params, xs, state, d_ys, d_state)
    compiled = len(kernels.peephole.signatures), len(kernels.peephole_grad.signatures)

    def scattered(array):
        return np.repeat(array, 2, axis=-1)[..., ::2]

    params = {name: scattered(p) for name, p in params.items()}
    d_ys, xs = d_ys[::-1].copy()[::-1], xs.transpose(2, 1, 0).copy().transpose(2, 1, 0)
    state, d_state = (cell.State(*map(scattered, s)) for s in (state, d_state))
    compare(fast_answer(cell, params, xs, state, d_ys, d_state), expected, 1e-11)
    assert (len(kernels.peephole.signatures), len(kernels.peephole_grad.signatures)) == compiled


def test_the_gradient_of_xs_can_be_left_out():
    params, xs, state, d_ys, _ = case(LSTM())
    run = fast.unroll(LSTM(), params, xs, state)
    assert fast.bptt(LSTM(), params, run, d_ys, wants_d_xs=False)[1] is None


# --- What numbers do at the edge ------------------------------------------------------------------------------------


def over(function, dtype):
    """A kernel's function of one number, for arrays."""

    @kernels.compiled
    def loop(a, out):
        for j in range(len(a)):
            out[j] = function(a[j])

    def apply(a):
        out = np.empty(len(a), dtype)
        loop(np.asarray(a, dtype), out)
        return out

    return apply


def test_tanh_in_float32_is_good_to_half_a_millionth():
    a = np.linspace(-12, 12, 2_000_001, dtype=np.float32)
    h = over(kernels.tanh, np.float32)(a)
    assert abs(h - np.tanh(a.astype(float))).max() < 5e-7
    assert abs(h).max() <= 1
    assert np.diff(h).min() > -5e-7  # it rises, but for its own error
    small = np.logspace(-35, -4, 1000, dtype=np.float32)
    np.testing.assert_allclose(over(kernels.tanh, np.float32)(small), small, rtol=2e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tanh_and_sigmoid_take_every_number(dtype):
    a = [0, np.inf, -np.inf, np.finfo(dtype).max, np.finfo(dtype).min, np.nan]
    np.testing.assert_allclose(over(kernels.tanh, dtype)(a), [0, 1, -1, 1, -1, np.nan], atol=5e-7)
    np.testing.assert_allclose(over(kernels.sigmoid, dtype)(a), [0.5, 1, 0, 1, 0, np.nan], atol=5e-7)


def unchecked(cell, params, xs, state, d_ys, d_state):
    """The engine as PyTorch's tensors use it: it looks at no number."""
    library = fast.NUMPY._replace(mm=lambda x, y, out: np.matmul(x, y, out=out))
    run = fast.unroll(cell, params, xs, state, library)
    return named(run.ys, run.state, *fast.bptt(cell, params, run, d_ys, d_state, library))


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@every_cell
def test_what_is_not_finite_is_not_hidden(cell, value, monkeypatch):
    """A NaN goes wherever it goes in the plain loops. An infinity may leave gates a hair above 0 where theirs are 0, so
    it is enough that the answer as a whole shows it too."""
    monkeypatch.setattr("unrolled.sequence.check_array", lambda name, array, *_: array)
    monkeypatch.setattr("unrolled.cell.check_array", lambda name, array, *_: array)
    for broken in (*cell.shapes(D, H), "xs", *cell.State._fields):
        arguments = params, xs, state, _, _ = case(cell, np.float32)
        (params | {"xs": xs} | state._asdict())[broken].flat[1] = value
        with np.errstate(all="ignore"):
            expected, got = slow_answer(cell, *arguments), unchecked(cell, *arguments)
        for name, array in expected.items():
            assert np.isnan(got[name][np.isnan(array)]).all() or not math.isnan(value), f"{broken} hides in {name}"
        if any(np.isnan(array).any() for array in expected.values()):
            assert not all(np.isfinite(array).all() for array in got.values()), f"{broken} = {value} is hidden"


# --- One-line faults are seen ---------------------------------------------------------------------------------------

FAULTS = {
    "rnn_tanh_grad": (RNN(), "ONE - h_[j] * h_[j]", "ONE - h_[j]"),
    "rnn_relu_grad": (RNN("relu"), "h_[j] > 0", "h_[j] < 0"),
    "rnn_linear_grad": (RNN("linear"), "d_y_[j] + d_past_[j]", "d_y_[j]"),
    "lstm": (LSTM(), "i * g", "i + g"),
    "lstm_grad": (LSTM(), "d_c_[j] = d_c_j * f", "d_c_[j] = d_c_j * i"),
    "peephole": (PeepholeLSTM(), "c_j * W_co[j]", "before[j] * W_co[j]"),
    "peephole_grad": (PeepholeLSTM(), " + d_a_f * W_cf[j]", ""),
    "coupled_grad": (CoupledLSTM(), "(before[j] - g)", "before[j]"),
    "gru_gates": (GRU(), "r * before[j]", "before[j]"),
    "gru_gates_grad": (GRU(), "d_past_[j] +=", "d_past_[j] ="),
    "gru_grad": (GRU(), "(n - before[j])", "n"),
    "gru_after_grad": (GRU(reset_after=True), "d_W_n[j] = d_n[j] * r", "d_W_n[j] = d_n[j]"),
}
SOURCE = Path(kernels.__file__).read_text()


@pytest.mark.parametrize("name", FAULTS)
def test_a_one_line_fault_is_seen(name, monkeypatch):
    """The kernel's text with one change, run as plain Python, which needs no compiler."""
    text = re.search(rf"^def {name}\(.*?(?=\n\n\n|\Z)", SOURCE, re.DOTALL | re.MULTILINE)[0]
    cell, good, bad = FAULTS[name]
    assert text.count(good) == 1
    arguments = case(cell)
    plain = {"tanh": np.tanh, "sigmoid": unrolled.activations.sigmoid, "ONE": 1.0, "ZERO": 0.0}
    for source, agrees in [(text, True), (text.replace(good, bad), False)]:
        exec(source, plain)
        monkeypatch.setattr(kernels, name, plain[name])
        expected, got = slow_answer(cell, *arguments), fast_answer(cell, *arguments)
        if agrees:
            compare(got, expected, 1e-11)
        else:
            with pytest.raises(AssertionError):
                compare(got, expected, 1e-11)


# --- Errors ---------------------------------------------------------------------------------------------------------


def test_without_numba_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "unrolled.fast.kernels")
    params, xs, *_ = case(LSTM())
    assert not fast.supports(LSTM())
    with pytest.raises(ModuleNotFoundError, match=r"unrolled\.fast needs numba \(pip install numba\)") as caught:
        fast.unroll(LSTM(), params, xs)
    assert "numba" in str(caught.value.__cause__)


def test_cells_without_a_kernel_are_refused():
    class Mine(LSTM):
        pass

    for cell in (PeepholeLSTM("full"), Mine()):
        params, xs, *_ = case(cell)
        assert not fast.supports(cell)
        with pytest.raises(TypeError, match=r"cell: expected one with a kernel, got .*; use unrolled\.unroll"):
            fast.unroll(cell, params, xs)


def test_wrong_arguments_are_named():
    cell = LSTM()
    params, xs, state, d_ys, d_state = case(cell)
    run = fast.unroll(cell, params, xs, state)
    half = {name: p.astype(np.float16) for name, p in params.items()}
    nan = np.where(xs == xs[1, 2, 3], np.nan, xs)
    for call, error, message in [
        (lambda: fast.unroll(cell, params, xs[..., :3]), ValueError, r"xs: expected shape \(T, B, 4\)"),
        (lambda: fast.unroll(cell, params, xs[:0]), ValueError, r"xs: expected shape .* got \(0, 3, 4\)"),
        (lambda: fast.unroll(cell, params, xs.tolist()), TypeError, "xs: expected a NumPy array"),
        (lambda: fast.unroll(cell, params, xs.astype(np.float32)), TypeError, "xs: expected float64"),
        (lambda: fast.unroll(cell, params, nan), ValueError, r"xs: .* got nan at index \(1, 2, 3\)"),
        (lambda: fast.unroll(cell, half, xs), TypeError, "params: expected float32 or float64, got float16"),
        (lambda: fast.unroll(cell, {"b": params["b"]}, xs), KeyError, "W_hh is missing"),
        (lambda: fast.unroll(cell, params, xs, state.h), TypeError, "state: expected a State with h, c"),
        (lambda: fast.bptt(cell, params, run, d_ys[1:]), ValueError, r"d_ys: expected shape \(5, 3, 11\)"),
        (lambda: fast.bptt(cell, params, run, d_ys.astype("f4")), TypeError, "d_ys: expected float64"),
        (lambda: fast.bptt(cell, params, run, d_ys, d_state._replace(c=d_state.c[1:])), ValueError, r"d_state\.c: "),
    ]:
        with pytest.raises(error, match=message):
            call()


# --- Imports and the cache ------------------------------------------------------------------------------------------


def python(program, **environment):
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ | environment)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_the_package_is_imported_without_numba_and_without_frameworks():
    assert (
        python("import sys, unrolled; print({'numba', 'torch', 'tensorflow', 'keras'} & set(sys.modules))") == "set()"
    )
    blocked = "import sys; sys.modules['numba'] = None; from unrolled import LSTM, fast; print(fast.supports(LSTM()))"
    assert python(blocked) == "False"
    assert python("import sys; from unrolled import fast; print('torch' in sys.modules)") == "False"


@functools.cache
def small_program():
    return (
        "import numpy as np; from unrolled import RNN, fast; p = RNN().init(np.random.default_rng(0), 2, 3); "
        "print(fast.unroll(RNN(), p, np.ones((4, 1, 2))).ys.shape, fast.__file__)"
    )


@pytest.fixture
def locked_package(tmp_path):
    """A copy of the package where no cache can be written: a file stands where the folder would be made."""
    shutil.copytree(Path(unrolled.__file__).parent, tmp_path / "unrolled", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "unrolled" / "fast" / "__pycache__").touch()
    return SimpleNamespace(path=str(tmp_path), file=str(tmp_path / "unrolled" / "fast" / "__init__.py"))


def test_a_package_folder_that_cannot_be_written_is_no_trouble(locked_package, tmp_path):
    """numba then keeps its results in the user's cache folder, and where there is none, nowhere."""
    for home in (tmp_path / "home", Path("/dev/null")):
        environment = {"PYTHONPATH": locked_package.path, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        assert python(small_program(), **environment) == f"(4, 1, 3) {locked_package.file}"
    assert list((tmp_path / "home").rglob("*.nbi"))
