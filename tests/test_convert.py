"""Weights there and back. That they mean the same elsewhere is proved in test_cells.py; here: nothing is lost, the
arrays have the names and shapes the libraries use, and what a library lacks is refused by name."""

import subprocess
import sys

import numpy as np
import pytest

from oracles import CELLS, D, H, case, cells_of
from unrolled import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, convert

LIBRARIES = {
    "PyTorch": (convert.to_pytorch, convert.from_pytorch),
    "Keras": (convert.to_keras, convert.from_keras),
    "Keras cells": (convert.to_keras_cells, convert.from_keras_cells),
    "TensorFlow 1": (convert.to_tf1, convert.from_tf1),
    "ONNX": (convert.to_onnx, convert.from_onnx),
}
PAIRS = [(library, name) for library in LIBRARIES for name in CELLS]
HAS = [pair for pair in PAIRS if pair[1] in cells_of(pair[0])]


def same(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


@pytest.mark.parametrize(("library", "name"), HAS)
def test_there_and_back_loses_nothing(library, name):
    c = case(CELLS[name])
    there, back = LIBRARIES[library]
    if library == "TensorFlow 1":  # its forget_bias is taken off and added again, which rounds; without it nothing does
        same(convert.from_tf1(c.cell, convert.to_tf1(c.cell, c.params, 0.0), 0.0), c.params)
        for name, array in back(c.cell, there(c.cell, c.params)).items():
            np.testing.assert_allclose(array, c.params[name], atol=3e-16)
    else:
        same(back(c.cell, there(c.cell, c.params)), c.params)


@pytest.mark.parametrize(("library", "name"), HAS)
def test_the_arrays_are_new_and_keep_float32(library, name):
    c = case(CELLS[name], dtype=np.float32)
    kept = {n: a.copy() for n, a in c.params.items()}
    there, back = LIBRARIES[library]
    theirs = there(c.cell, c.params)
    arrays = list(theirs.values()) if isinstance(theirs, dict) else theirs
    ours = back(c.cell, theirs)
    assert {a.dtype for a in [*arrays, *ours.values()]} == {np.dtype("float32")}
    for array in arrays:
        array += 1
    same(c.params, kept)
    same(ours, kept) if library != "TensorFlow 1" else None


@pytest.mark.parametrize(("library", "name"), [pair for pair in PAIRS if pair not in HAS])
def test_a_cell_the_library_lacks_is_refused_by_name(library, name):
    for function in LIBRARIES[library]:
        with pytest.raises(TypeError) as caught:
            function(CELLS[name], {})
        assert f"cell: {library} has no {CELLS[name]!r}; it has " in str(caught.value)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("name", ["RNN relu", "LSTM", "GRU reset after"])
def test_pytorchs_own_module_is_read_and_loaded(name, bias):
    """Both ways through a real module; its two biases are one to us, so what comes back is compared by output."""
    import torch

    cell = CELLS[name]
    kind = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(cell)]
    settings = {"nonlinearity": "relu"} if isinstance(cell, RNN) else {}
    module, twin = (kind(D, H, dtype=torch.float64, bias=bias, **settings) for _ in range(2))
    if not bias:
        with pytest.raises(KeyError, match="state_dict: bias_ih_l0 is missing; found weight_ih_l0"):
            convert.from_pytorch(cell, module.state_dict())
        return
    state_dict = convert.to_pytorch(cell, convert.from_pytorch(cell, module.state_dict()))
    twin.load_state_dict({name: torch.tensor(array) for name, array in state_dict.items()})
    x = torch.tensor(case(cell).xs)
    np.testing.assert_allclose(twin(x)[0].detach(), module(x)[0].detach(), rtol=1e-12)


def test_reorder_moves_blocks_and_negates_on_a_change_of_case():
    ifgo = np.arange(8.0)
    np.testing.assert_array_equal(convert.reorder(ifgo, "ifgo", "iofg"), [0, 1, 6, 7, 2, 3, 4, 5])
    np.testing.assert_array_equal(convert.reorder(ifgo[:6], "zrn", "rZn"), [2, 3, -0.0, -1, 4, 5])
    np.testing.assert_array_equal(convert.reorder(ifgo, "Fofg", "fgo"), [-0.0, -1, 6, 7, 2, 3])


def test_the_libraries_shapes():
    """k blocks of H = 2 for D = 5 inputs, as each library's documentation says."""
    p = {name: case(cell).params for name, cell in CELLS.items()}

    def shapes(arrays):
        return {n: a.shape for n, a in (arrays if isinstance(arrays, dict) else dict(enumerate(arrays))).items()}

    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    found = shapes(convert.to_pytorch(LSTM(), p["LSTM"]))
    assert found == dict(zip(names, [(8, 5), (8, 2), (8,), (8,)], strict=True))
    found = shapes(convert.to_keras(GRU(reset_after=True), p["GRU reset after"]))
    assert found == {0: (5, 6), 1: (2, 6), 2: (2, 6)}
    found = shapes(convert.to_tf1(PeepholeLSTM(), p["PeepholeLSTM diagonal"]))
    assert found == {"kernel": (7, 8), "bias": (8,), "w_i_diag": (2,), "w_f_diag": (2,), "w_o_diag": (2,)}
    found = shapes(convert.to_tf1(GRU(), p["GRU"]))
    gru = {"gates/kernel": (7, 4), "gates/bias": (4,), "candidate/kernel": (7, 2), "candidate/bias": (2,)}
    assert found == gru
    found = shapes(convert.to_onnx(PeepholeLSTM(), p["PeepholeLSTM diagonal"]))
    assert found == {"W": (1, 8, 5), "R": (1, 8, 2), "B": (1, 16), "P": (1, 6)}


def test_tensorflow_1_adds_its_forget_bias_itself():
    """A cell drawn with forget_bias 1 has a stored bias of zero there."""
    params = LSTM().init(np.random.default_rng(0), D, H)
    assert not convert.to_tf1(LSTM(), params)["bias"].any()
    i, j, f, o = np.split(convert.to_tf1(LSTM(), params, forget_bias=0.25)["bias"], 4)
    np.testing.assert_array_equal([i, j, f, o], [[0, 0], [0, 0], [0.75, 0.75], [0, 0]])


def changed(library, name, **changes):
    """What `to_...` returns with some arrays replaced; None takes one away."""
    theirs = LIBRARIES[library][0](CELLS[name], case(CELLS[name]).params)
    theirs = theirs if isinstance(theirs, dict) else {f"_{n}": a for n, a in enumerate(theirs)}
    theirs = {n: a for n, a in (theirs | changes).items() if a is not None}
    return list(theirs.values()) if library.startswith("Keras") else theirs


WRONG = [
    ("PyTorch", "LSTM", {"weight_hh_l0": np.ones((6, 2))}, ValueError,
     r"state_dict\['weight_hh_l0'\]: expected shape \(8, 2\) .* got \(6, 2\)"),
    ("PyTorch", "LSTM", {"weight_hh_l0": None}, KeyError, "state_dict: weight_hh_l0 is missing; found weight_ih_l0,"),
    ("PyTorch", "RNN tanh", {"bias_hh_l0": np.ones(3)}, ValueError,
     r"state_dict\['bias_hh_l0'\]: expected shape \(2,\)"),
    ("Keras", "LSTM", {"_2": None}, KeyError, "weights: 2 is missing; found 0, 1"),
    ("Keras", "GRU", {"_2": np.ones((2, 6))}, ValueError, r"weights\[2\]: expected shape \(6,\) .* got \(2, 6\)"),
    ("Keras", "GRU", {"_0": np.ones((5, 8))}, ValueError, r"weights\[0\]: expected shape \(D, 6\)"),
    ("Keras cells", "GRU", {"_2": None}, ValueError, "weights: expected 3 arrays, W_ih, W_hh, b, got 2"),
    ("Keras cells", "CoupledLSTM", {"_2": np.ones(8)}, ValueError, r'params\["b"\]: expected shape \(6,\)'),
    ("TensorFlow 1", "LSTM", {"kernel": np.ones((2, 8))}, ValueError,
     r'variables\["kernel"\]: expected D \+ 2 rows, got 2'),
    ("TensorFlow 1", "LSTM", {"bias": np.ones(9)}, ValueError, r"variables\['kernel'\]|variables\['bias'\]"),
    ("TensorFlow 1", "GRU", {"gates/bias": None}, KeyError, "variables: gates/bias is missing; found gates/kernel"),
    ("TensorFlow 1", "PeepholeLSTM diagonal", {"w_o_diag": None}, KeyError, "variables: w_o_diag is missing"),
    ("ONNX", "PeepholeLSTM diagonal", {"P": np.ones((1, 5))}, ValueError, r"inputs\['P'\]: expected shape \(1, 6\)"),
    ("ONNX", "GRU", {"R": np.ones((2, 6, 2))}, ValueError, r"inputs\['R'\]: expected shape \(1, kH, H\)"),
    ("ONNX", "GRU", {"W": np.full((1, 6, 5), np.nan)}, ValueError, r"inputs\['W'\]: expected finite numbers, got nan"),
]  # fmt: skip


@pytest.mark.parametrize(("library", "name", "changes", "error", "message"), WRONG, ids=[case[-1] for case in WRONG])
def test_wrong_weights_are_named(library, name, changes, error, message):
    with pytest.raises(error, match=message):
        LIBRARIES[library][1](CELLS[name], changed(library, name, **changes))


def test_wrong_params_are_named():
    for there, _ in LIBRARIES.values():
        cell = CoupledLSTM() if there is convert.to_keras_cells else LSTM()
        params = case(cell).params
        with pytest.raises(KeyError, match="params: b is missing"):
            there(cell, {n: a for n, a in params.items() if n != "b"})


def test_no_framework_is_imported():
    program = "import sys, unrolled.convert; print({'torch', 'tensorflow', 'keras', 'onnx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
