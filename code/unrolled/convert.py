"""The same cell elsewhere: weights from our params to PyTorch, Keras, TensorFlow 1 and ONNX, and back.

Arrays come and go, no framework is imported. Three things differ between libraries: the order of the gates' blocks,
which way the GRU's z counts, and how many biases there are.
"""

import numpy as np

from unrolled.arguments import check_array
from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.lstm import LSTM
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN

# Every cell with every setting, and in each library the order of its blocks. Z is a gate 1 - z, with negated weights
# because σ(-a) = 1 - σ(a). A library that is not named has no such cell.
BLOCKS = {
    RNN("tanh"): {"unrolled": "h", "PyTorch": "h", "Keras": "h", "TensorFlow 1": "h", "ONNX": "h"},
    RNN("relu"): {"unrolled": "h", "PyTorch": "h", "Keras": "h", "TensorFlow 1": "h", "ONNX": "h"},
    RNN("linear"): {"unrolled": "h", "Keras": "h", "TensorFlow 1": "h", "ONNX": "h"},
    LSTM(): {"unrolled": "ifgo", "PyTorch": "ifgo", "Keras": "ifgo", "TensorFlow 1": "igfo", "ONNX": "iofg"},
    PeepholeLSTM("diagonal"): {"unrolled": "ifgo", "Keras cells": "ifgo", "TensorFlow 1": "igfo", "ONNX": "iofg"},
    PeepholeLSTM("full"): {"unrolled": "ifgo", "Keras cells": "ifgo"},
    CoupledLSTM(): {"unrolled": "fgo", "Keras cells": "fgo", "ONNX": "Fofg"},
    GRU(): {"unrolled": "zrn", "Keras": "Zrn", "Keras cells": "zrn", "TensorFlow 1": "rZn", "ONNX": "Zrn"},
    GRU(reset_after=True): {"unrolled": "zrn", "PyTorch": "rZn", "Keras": "Zrn", "ONNX": "Zrn"},
}
PEEPHOLES = {"w_i_diag": "W_ci", "w_f_diag": "W_cf", "w_o_diag": "W_co"}


def reorder(array, have, want):
    """The blocks of the last axis, in the order `have`, put in the order `want`; a change of case negates a block.

    have, want: one letter a block. Where a gate stands twice, the first block counts.
    """
    found = {}
    for gate, block in zip(have, np.split(array, len(have), axis=-1), strict=True):
        found.setdefault(gate, block)
        found.setdefault(gate.swapcase(), -block)
    return np.concatenate([found[gate] for gate in want], axis=-1)


def to_pytorch(cell, params):
    """The state_dict, as arrays, of a torch.nn.RNN, LSTM or GRU of one layer. All of b goes into bias_ih_l0."""
    theirs = _outwards(cell, params, "PyTorch")
    names = {"weight_ih_l0": "W_ih", "weight_hh_l0": "W_hh", "bias_ih_l0": "b", "bias_hh_l0": "b_hh"}
    return {name: np.ascontiguousarray(theirs[ours].T) for name, ours in names.items()}


def from_pytorch(cell, state_dict):
    """Params from what `state_dict()` of a torch.nn.RNN, LSTM or GRU of one layer returns, on the CPU."""
    k = len(_blocks(cell, "PyTorch"))
    weight_hh = _take("state_dict", state_dict, "weight_hh_l0", ("kH", "H"))
    H = weight_hh.shape[1]
    W_ih = _take("state_dict", state_dict, "weight_ih_l0", (k * H, "D")).T
    W_hh = _take("state_dict", state_dict, "weight_hh_l0", (k * H, H)).T
    b_ih, b_hh = (_take("state_dict", state_dict, name, (k * H,)) for name in ("bias_ih_l0", "bias_hh_l0"))
    return _inwards(cell, "PyTorch", W_ih, W_hh, b_ih, b_hh)


def to_keras(cell, params):
    """The list that `set_weights` of keras.layers.SimpleRNN, LSTM or GRU takes; GRU with the same reset_after."""
    theirs = _outwards(cell, params, "Keras")
    b = np.stack([theirs["b"], theirs["b_hh"]]) if "b_hn" in params else theirs["b"]
    return [theirs["W_ih"], theirs["W_hh"], b]


def from_keras(cell, weights):
    """Params from what `get_weights()` of keras.layers.SimpleRNN, LSTM or GRU returns."""
    k = len(_blocks(cell, "Keras"))
    weights = dict(enumerate(weights))
    H = _take("weights", weights, 1, ("H", "kH")).shape[0]
    W_ih, W_hh = _take("weights", weights, 0, ("D", k * H)), _take("weights", weights, 1, (H, k * H))
    two = cell == GRU(reset_after=True)
    b = _take("weights", weights, 2, (2, k * H) if two else (k * H,))
    return _inwards(cell, "Keras", W_ih, W_hh, *(b if two else (b, np.zeros_like(b))))


def to_keras_cells(cell, params):
    """The list that `set_weights` of the cell's twin in unrolled.keras takes."""
    _blocks(cell, "Keras cells")
    return [array.copy() for array in cell.check_params(params).values()]


def from_keras_cells(cell, weights):
    """Params from what `get_weights()` of a cell of unrolled.keras, or of the layer around it, returns."""
    _blocks(cell, "Keras cells")
    names = list(cell.shapes(1, 1))
    if len(weights) != len(names):
        raise ValueError(f"weights: expected {len(names)} arrays, {', '.join(names)}, got {len(weights)}")
    return cell.check_params({name: np.asarray(array).copy() for name, array in zip(names, weights, strict=True)})


def to_tf1(cell, params, forget_bias=1.0):
    """The variables of TensorFlow 1's BasicRNNCell, BasicLSTMCell, LSTMCell or GRUCell, by name.

    Its kernels hold W_ih on top of W_hh. forget_bias: what the LSTM cells add to the stored bias at every step, so it
    is taken off here (which may round in the last digit; with 0 nothing does).
    """
    theirs = _outwards(cell, params, "TensorFlow 1")
    kernel, bias = np.concatenate([theirs["W_ih"], theirs["W_hh"]]), theirs["b"]
    if isinstance(cell, GRU):
        u = 2 * len(params["W_hh"])  # where the two gates end and the candidate starts
        gates = {"gates/kernel": kernel[:, :u], "gates/bias": bias[:u]}
        return gates | {"candidate/kernel": kernel[:, u:], "candidate/bias": bias[u:]}
    if isinstance(cell, LSTM):
        np.split(bias, 4)[2][:] -= forget_bias
    peepholes = {theirs: params[ours].copy() for theirs, ours in PEEPHOLES.items() if ours in params}
    return {"kernel": kernel, "bias": bias} | peepholes


def from_tf1(cell, variables, forget_bias=1.0):
    """Params from the variables of TensorFlow 1's cell, named as `to_tf1` names them; forget_bias as the cell's."""
    k = len(_blocks(cell, "TensorFlow 1"))
    if isinstance(cell, GRU):
        H = len(_take("variables", variables, "candidate/bias", ("H",)))
        gates = [_take("variables", variables, f"gates/{name}", shape) for name, shape in _tf1_shapes(2, H)]
        candidate = [_take("variables", variables, f"candidate/{name}", shape) for name, shape in _tf1_shapes(1, H)]
        kernel, bias = (np.concatenate(pair, axis=-1) for pair in zip(gates, candidate, strict=True))
    else:
        H = len(_take("variables", variables, "bias", ("kH",))) // k
        kernel, bias = (_take("variables", variables, name, shape) for name, shape in _tf1_shapes(k, H))
    if len(kernel) <= H:
        raise ValueError(f'variables["kernel"]: expected D + {H} rows, got {len(kernel)}')
    if isinstance(cell, LSTM):
        bias = bias.copy()
        np.split(bias, 4)[2][:] += forget_bias
    peepholes = {}
    if isinstance(cell, PeepholeLSTM):
        peepholes = {ours: _take("variables", variables, theirs, (H,)) for theirs, ours in PEEPHOLES.items()}
    return _inwards(cell, "TensorFlow 1", kernel[:-H], kernel[-H:], bias, np.zeros_like(bias), peepholes)


def to_onnx(cell, params):
    """The inputs W, R, B and P of ONNX's RNN, LSTM or GRU with one direction.

    Set the attributes to match: RNN activations ["Relu"], or for "linear" ["Affine"] with activation_alpha [1.0] and
    activation_beta [0.0]; GRU linear_before_reset=1 when reset_after; LSTM input_forget=1 for coupled gates.
    """
    theirs = _outwards(cell, params, "ONNX")
    both = np.concatenate([theirs["b"], theirs["b_hh"]])
    inputs = {"W": theirs["W_ih"].T[None], "R": theirs["W_hh"].T[None], "B": both[None]}
    if isinstance(cell, PeepholeLSTM):
        inputs["P"] = np.concatenate([params["W_ci"], params["W_co"], params["W_cf"]])[None]
    return inputs


def from_onnx(cell, inputs):
    """Params from the inputs W, R, B and P of ONNX's RNN, LSTM or GRU with one direction."""
    k = len(_blocks(cell, "ONNX"))
    H = _take("inputs", inputs, "R", (1, "kH", "H")).shape[2]
    W_ih = _take("inputs", inputs, "W", (1, k * H, "D"))[0].T
    W_hh = _take("inputs", inputs, "R", (1, k * H, H))[0].T
    b_ih, b_hh = np.split(_take("inputs", inputs, "B", (1, 2 * k * H))[0], 2)
    peepholes = {}
    if isinstance(cell, PeepholeLSTM):
        P = np.split(_take("inputs", inputs, "P", (1, 3 * H))[0], 3)
        peepholes = dict(zip(["W_ci", "W_co", "W_cf"], P, strict=True))
    return _inwards(cell, "ONNX", W_ih, W_hh, b_ih, b_hh, peepholes)


def _blocks(cell, library):
    """The library's order of this cell's blocks, or a TypeError that says what the library has instead."""
    if library not in BLOCKS.get(cell, {}):
        has = ", ".join(repr(known) for known, orders in BLOCKS.items() if library in orders)
        raise TypeError(f"cell: {library} has no {cell!r}; it has {has}")
    return BLOCKS[cell][library]


def _outwards(cell, params, library):
    """W_ih, W_hh, b and b_hh with the library's order and signs. b_hh is zero but for the GRU's b_hn."""
    have, want = BLOCKS.get(cell, {}).get("unrolled"), _blocks(cell, library)
    cell.check_params(params)
    b_hh = np.zeros_like(params["b"])
    if "b_hn" in params:
        b_hh[-len(params["b_hn"]) :] = params["b_hn"]
    arrays = {name: params[name] for name in ("W_ih", "W_hh", "b")} | {"b_hh": b_hh}
    return {name: reorder(array, have, want) for name, array in arrays.items()}


def _inwards(cell, library, W_ih, W_hh, b_ih, b_hh, peepholes=None):
    """The way back: params from the library's blocks. Two biases that are only ever added become one."""
    have, want = _blocks(cell, library), BLOCKS[cell]["unrolled"]
    W_ih, W_hh, b_ih, b_hh = (reorder(array, have, want) for array in (W_ih, W_hh, b_ih, b_hh))
    params = {"W_ih": W_ih, "W_hh": W_hh, "b": b_ih + b_hh} | (peepholes or {})
    if cell == GRU(reset_after=True):
        H = len(W_hh)
        params["b"][-H:], params["b_hn"] = b_ih[-H:], b_hh[-H:].copy()
    return cell.check_params(params)


def _take(source, arrays, name, shape):
    """arrays[name] as a NumPy array of this shape, or an error that names it."""
    if name not in arrays:
        raise KeyError(f"{source}: {name} is missing; found {', '.join(map(str, arrays))}")
    return check_array(f"{source}[{name!r}]", np.asarray(arrays[name]).copy(), shape)


def _tf1_shapes(k, H):
    return ("kernel", ("D + H", k * H)), ("bias", (k * H,))
