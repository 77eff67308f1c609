"""The same cells computed by others: PyTorch, Keras, TensorFlow 1, ONNX Runtime and TensorFlow's BlockLSTM.

Each oracle takes a Case and returns an Answer of NumPy arrays in our layout, so that a test compares field by field.
"""

from typing import Any, NamedTuple

import numpy as np

from unrolled import GRU, RNN, CoupledLSTM, bptt, convert, unroll


def named(cell):
    """A cell's name and settings in words, such as "RNN tanh", "GRU" and "GRU reset after"."""
    settings = [name.replace("_", " ") if value is True else value for name, value in vars(cell).items() if value]
    return " ".join([type(cell).__name__, *settings])


CELLS = {named(cell): cell for cell in convert.BLOCKS}


def cells_of(library):
    """The names of the cells that a library of convert.BLOCKS has."""
    return [name for name, cell in CELLS.items() if library in convert.BLOCKS[cell]]


# What a case has beyond a sequence and a gradient at every output.
SETTINGS = {
    "plain": (),
    "first state": ("state",),
    "gradient of the last state": ("d_last",),
    "lengths": ("lengths",),
    "all": ("state", "d_last", "lengths"),
}
T, B, D, H = 4, 3, 5, 2  # all different, so that a swapped axis fails


class Case(NamedTuple):
    """A cell and what it is run on. The loss is the sum of ys * d_ys and of the last state times d_last."""

    cell: Any
    params: dict
    xs: np.ndarray  # (T, B, D)
    state: tuple  # the first state, zeros where the setting gives none
    d_ys: np.ndarray  # (T, B, H)
    d_last: tuple  # like state, zeros where the setting gives none
    lengths: Any  # (B,) or None


class Answer(NamedTuple):
    """What a forward and a backward pass give."""

    ys: np.ndarray
    last: tuple
    d_params: dict | None = None
    d_xs: np.ndarray | None = None
    d_first: tuple | None = None


def case(cell, setting="plain", T=T, B=B, D=D, H=H, seed=0, dtype=np.float64):
    """Random numbers for everything: no weight, bias or peephole is zero, none equals another."""
    rng = np.random.default_rng(seed)
    params = {name: rng.normal(0, 0.6, shape).astype(dtype) for name, shape in cell.shapes(D, H).items()}
    has = SETTINGS[setting]

    def states(name):
        return cell.State(*(rng.normal(size=(B, H)).astype(dtype) * (name in has) for _ in cell.State._fields))

    state, d_last = states("state"), states("d_last")
    xs, d_ys = rng.normal(size=(T, B, D)).astype(dtype), rng.normal(size=(T, B, H)).astype(dtype)
    lengths = rng.permutation([T, 1, *rng.integers(1, T + 1, B)][:B]) if "lengths" in has else None
    return Case(cell, params, xs, state, d_ys, d_last, lengths)


def ours(case):
    ys, states = unroll(case.cell, case.params, case.xs, case.state, case.lengths)
    d_params, d_xs, d_states = bptt(case.cell, case.params, case.xs, states, case.d_ys, case.d_last, case.lengths)
    return Answer(ys, states[-1], d_params, d_xs, d_states[0])


def loss(case):
    """The number whose gradient `ours` returns."""
    ys, states = unroll(case.cell, case.params, case.xs, case.state, case.lengths)
    return (ys * case.d_ys).sum() + sum((a * d).sum() for a, d in zip(states[-1], case.d_last, strict=True))


def difference(answer, expected):
    """The largest difference between two answers, each array's divided by the largest entry of the expected one (or
    by 1 where that is larger). An array that is missing or has another shape raises AssertionError that names it."""
    worst = 0.0
    for name in (name for name in Answer._fields if getattr(expected, name) is not None):
        got, want = getattr(answer, name), getattr(expected, name)
        keys = want.keys() if isinstance(want, dict) else range(len(want)) if isinstance(want, tuple) else [...]
        for key in keys:
            a, b = np.asarray(got[key]), np.asarray(want[key])
            assert a.shape == b.shape, f"{name} {key}: {a.shape} against {b.shape}"
            worst = max(worst, np.abs(a - b).max() / max(1, np.abs(b).max()))
    return worst


def agree(answer, expected, rtol=1e-12):
    """Two answers are the same, array by array; the AssertionError names the first that is not."""
    for name in (name for name in Answer._fields if getattr(expected, name) is not None):
        only = Answer(None, None)._replace(**{name: getattr(expected, name)})
        error = difference(answer, only)
        assert error <= rtol, f"{name}: relative difference {error:.1e} exceeds {rtol:.0e}"


def without_second_bias(cell, b_hh):
    """The gradient of a library's second bias with all zero that our params do not have, in its own order."""
    return b_hh * 0 if cell != GRU(reset_after=True) else b_hh * (np.arange(len(b_hh)) >= len(b_hh) // 3 * 2)


# --- PyTorch --------------------------------------------------------------------------------------------------
def torch_layer(case, **settings):
    """torch.nn.RNN, LSTM or GRU with the case's sizes and random weights; settings such as num_layers go to it."""
    import torch

    D, H = case.xs.shape[-1], case.d_ys.shape[-1]
    kind = {RNN: torch.nn.RNN, GRU: torch.nn.GRU}.get(type(case.cell), torch.nn.LSTM)
    if isinstance(case.cell, RNN):
        settings["nonlinearity"] = case.cell.activation
    return kind(D, H, dtype=torch.float64, **settings)


def torch_run(layer, xs, states, d_ys, d_last, lengths):
    """Forward and backward through a layer of torch.nn; xs and each state are NumPy arrays, states (L, B, H).

    Returns ys, last, d_xs and d_first; the gradients of the weights stay in the layer.
    """
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    x = torch.tensor(xs, requires_grad=True)
    first = [torch.tensor(np.asarray(s), requires_grad=True) for s in states]
    sequence = x if lengths is None else pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    out, last = layer(sequence, tuple(first) if len(first) == 2 else first[0])
    last = last if isinstance(last, tuple) else (last,)
    if lengths is not None:
        out, _ = pad_packed_sequence(out, total_length=len(xs))
    total = (out * torch.tensor(d_ys)).sum() + sum(
        (s * torch.tensor(np.asarray(d))).sum() for s, d in zip(last, d_last, strict=True)
    )
    total.backward()
    return out.detach().numpy(), [s.detach().numpy() for s in last], x.grad.numpy(), [s.grad.numpy() for s in first]


def torch_answer(case, state_dict, back):
    """The Answer of a torch.nn layer with these weights; `back` turns its gradients, by name, into ours."""
    import torch

    layer = torch_layer(case)
    layer.load_state_dict({name: torch.tensor(array) for name, array in state_dict.items()})
    first, d_last = [s[None] for s in case.state], [d[None] for d in case.d_last]
    ys, last, d_xs, d_first = torch_run(layer, case.xs, first, case.d_ys, d_last, case.lengths)
    grads = {name: p.grad.numpy() for name, p in layer.named_parameters()}
    State = case.cell.State
    return Answer(ys, State(*(s[0] for s in last)), back(grads), d_xs, State(*(s[0] for s in d_first)))


def torch_nn(case):
    """torch.nn.RNN, LSTM and GRU."""

    def back(grads):
        grads["bias_hh_l0"] = without_second_bias(case.cell, grads["bias_hh_l0"])
        return convert.from_pytorch(case.cell, grads)

    return torch_answer(case, convert.to_pytorch(case.cell, case.params), back)


def torch_lstm_with_negated_gate(case):
    """Coupled gates: a torch.nn.LSTM whose input gate has the negated weights of the forget gate."""
    p = {name: convert.reorder(array, "fgo", "Ffgo") for name, array in case.params.items()}
    zero = np.zeros_like(p["b"])
    weights = dict(zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), (
        p["W_ih"].T, p["W_hh"].T, p["b"], zero), strict=True))  # fmt: skip

    def back(grads):
        grads = {"W_ih": grads["weight_ih_l0"].T, "W_hh": grads["weight_hh_l0"].T, "b": grads["bias_ih_l0"]}
        parts = {name: np.split(grad, 4, axis=-1) for name, grad in grads.items()}
        return {name: np.concatenate([f - i, g, o], axis=-1) for name, (i, f, g, o) in parts.items()}

    return torch_answer(case, weights, back)


def torch_two_lstm_cells(case):
    """Peepholes, two torch LSTM cells a step: one reads [x, C] before the step and gives C; the other reads [x, C]
    after it, keeps that C (forget gate 1, input gate 0) and gives h."""
    import torch

    p = {name: torch.tensor(array, requires_grad=True) for name, array in case.params.items()}
    x, first = torch.tensor(case.xs, requires_grad=True), [torch.tensor(s, requires_grad=True) for s in case.state]
    H = len(case.params["W_hh"])
    sees = {n: p[n] if case.cell.form == "full" else torch.diag(p[n]) for n in ("W_ci", "W_cf", "W_co")}
    zero = torch.zeros(H, H, dtype=torch.float64)
    before = torch.cat([p["W_ih"], torch.cat([sees["W_ci"], sees["W_cf"], zero, zero], 1)]).T  # reads [x, C(t-1)]
    after = torch.cat([p["W_ih"], torch.cat([zero, zero, zero, sees["W_co"]], 1)]).T  # reads [x, C(t)]
    keep = torch.tensor([-1e4] * H + [1e4] * H + [0.0] * 2 * H, dtype=torch.float64)  # i = 0, f = 1
    W_hh, none = p["W_hh"].T, torch.zeros_like(p["b"])
    (h, c), ys = first, []
    for t in range(len(case.xs)):
        _, new_c = torch.lstm_cell(torch.cat([x[t], c], 1), (h, c), before, W_hh, p["b"], none)
        new_h, _ = torch.lstm_cell(torch.cat([x[t], new_c], 1), (h, new_c), after, W_hh, p["b"], keep)
        alive = torch.ones(len(h), 1, dtype=bool) if case.lengths is None else torch.tensor(t < case.lengths)[:, None]
        ys.append(torch.where(alive, new_h, torch.zeros_like(new_h)))
        h, c = torch.where(alive, new_h, h), torch.where(alive, new_c, c)
    ys, last = torch.stack(ys), (h, c)
    total = (ys * torch.tensor(case.d_ys)).sum()
    total = total + sum((s * torch.tensor(d)).sum() for s, d in zip(last, case.d_last, strict=True))
    total.backward()
    State = case.cell.State
    return Answer(
        ys.detach().numpy(),
        State(*(s.detach().numpy() for s in last)),
        {name: array.grad.numpy() for name, array in p.items()},
        x.grad.numpy(),
        State(*(s.grad.numpy() for s in first)),
    )


# --- Keras and TensorFlow 2 -------------------------------------------------------------------------------------
def keras_layer(case):
    """keras.layers.SimpleRNN, LSTM and GRU."""
    import keras

    H = case.d_ys.shape[-1]
    settings = {"return_sequences": True, "return_state": True, "zero_output_for_mask": True, "dtype": "float64"}
    if isinstance(case.cell, RNN):
        layer = keras.layers.SimpleRNN(H, activation=case.cell.activation, **settings)
    elif isinstance(case.cell, GRU):
        layer = keras.layers.GRU(H, reset_after=case.cell.reset_after, **settings)
    else:
        layer = keras.layers.LSTM(H, **settings)

    def back(grads):
        if case.cell == GRU(reset_after=True):
            grads[2] = np.stack([grads[2][0], without_second_bias(case.cell, grads[2][1])])
        return convert.from_keras(case.cell, grads)

    return keras_answer(case, layer, convert.to_keras(case.cell, case.params), back)


def our_keras_cell(case):
    """keras.layers.RNN around a cell of unrolled.keras."""
    import keras

    layer = keras.layers.RNN(
        keras_twin(case.cell)(case.d_ys.shape[-1], dtype="float64"),
        return_sequences=True,
        return_state=True,
        zero_output_for_mask=True,
        dtype="float64",
    )
    weights = convert.to_keras_cells(case.cell, case.params)
    return keras_answer(case, layer, weights, lambda grads: convert.from_keras_cells(case.cell, grads))


def keras_twin(cell):
    """What makes the cell of unrolled.keras that computes the same, from its units."""
    from unrolled.keras.cells import CELLS

    return CELLS[cell]


def keras_answer(case, layer, weights, back):
    """The Answer of a Keras layer with these weights; `back` turns the list of its gradients into ours."""
    import tensorflow as tf

    x, first = tf.Variable(case.xs.swapaxes(0, 1)), [tf.Variable(s) for s in case.state]
    layer.build(x.shape)
    layer.set_weights(weights)
    T = len(case.xs)
    mask = None if case.lengths is None else tf.constant(np.arange(T) < case.lengths[:, None])
    with tf.GradientTape() as tape:
        ys, *last = layer(x, initial_state=first, mask=mask)
        total = tf.reduce_sum(ys * case.d_ys.swapaxes(0, 1))
        total += sum(tf.reduce_sum(s * d) for s, d in zip(last, case.d_last, strict=True))
    grads = [tf.convert_to_tensor(g).numpy() for g in tape.gradient(total, [*layer.trainable_weights, x, *first])]
    k, State = len(weights), case.cell.State
    return Answer(
        ys.numpy().swapaxes(0, 1),
        State(*(s.numpy() for s in last)),
        back(grads[:k]),
        grads[k].swapaxes(0, 1),
        State(*grads[k + 1 :]),
    )


def block_lstm(case):
    """tf.raw_ops.BlockLSTM, the one fused peephole LSTM with a gradient; float32 and without lengths."""
    import tensorflow as tf

    blocks = {"W_ih", "W_hh", "b"}  # in BlockLSTM i, g, f, o; the peepholes are one block each
    p = {n: convert.reorder(a, "ifgo", "igfo") if n in blocks else a for n, a in case.params.items()}
    p = {name: tf.Variable(array.astype(np.float32)) for name, array in p.items()}
    x, h, c = (tf.Variable(a.astype(np.float32)) for a in (case.xs, case.state.h, case.state.c))
    with tf.GradientTape() as tape:
        out = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.constant(len(case.xs), tf.int64),
            x=x,
            cs_prev=c,
            h_prev=h,
            w=tf.concat([p["W_ih"], p["W_hh"]], axis=0),
            wci=p["W_ci"],
            wcf=p["W_cf"],
            wco=p["W_co"],
            b=p["b"],
            forget_bias=0.0,
            cell_clip=-1.0,  # its default clips C at 3 without a word
            use_peephole=True,
        )
        total = tf.reduce_sum(out.h * case.d_ys.astype(np.float32))
        total += tf.reduce_sum(out.h[-1] * case.d_last.h.astype(np.float32))
        total += tf.reduce_sum(out.cs[-1] * case.d_last.c.astype(np.float32))
    grads, d_x, d_h, d_c = tape.gradient(total, [p, x, h, c])
    grads = {n: convert.reorder(g.numpy(), "igfo", "ifgo") if n in blocks else g.numpy() for n, g in grads.items()}
    State = case.cell.State
    return Answer(out.h.numpy(), State(out.h[-1].numpy(), out.cs[-1].numpy()), grads, d_x.numpy(), State(d_h, d_c))


# --- ONNX Runtime -------------------------------------------------------------------------------------------------
def onnx_runtime(case):
    """ONNX Runtime's RNN, LSTM and GRU, forward only and in float32."""
    import onnxruntime
    from onnx import TensorProto, helper

    H, cell = case.d_ys.shape[-1], case.cell
    operator = {RNN: "RNN", GRU: "GRU"}.get(type(cell), "LSTM")
    attributes = {"hidden_size": H}
    if cell == RNN("relu"):
        attributes["activations"] = ["Relu"]
    if cell == RNN("linear"):
        attributes |= {"activations": ["Affine"], "activation_alpha": [1.0], "activation_beta": [0.0]}
    if cell == GRU(reset_after=True):
        attributes["linear_before_reset"] = 1
    if isinstance(cell, CoupledLSTM):
        attributes["input_forget"] = 1
    feeds = {"X": case.xs, **convert.to_onnx(cell, case.params)}
    feeds |= {f"initial_{name}": array[None] for name, array in case.state._asdict().items()}
    feeds = {name: array.astype(np.float32) for name, array in feeds.items()}
    if case.lengths is not None:
        feeds["sequence_lens"] = case.lengths.astype(np.int32)
    order = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    order = order[: {"RNN": 6, "GRU": 6, "LSTM": 8}[operator]]
    outputs = ["Y", *(f"Y_{name}" for name in case.state._fields)]
    types = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.int32): TensorProto.INT32}
    node = helper.make_node(operator, [n if n in feeds else "" for n in order], outputs, **attributes)
    graph = helper.make_graph(
        [node],
        "cell",
        [helper.make_tensor_value_info(n, types[a.dtype], a.shape) for n, a in feeds.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    ys, *last = session.run(None, feeds)
    return Answer(ys[:, 0], case.cell.State(*(s[0] for s in last)))


# --- TensorFlow 1 -------------------------------------------------------------------------------------------------
def tensorflow_1(case):
    """BasicRNNCell, LSTMCell (with and without peepholes) and GRUCell under tf.compat.v1.nn.dynamic_rnn.

    The cells are taken from their own module: `tf.compat.v1.nn` finds them only where TF_USE_LEGACY_KERAS is set, and
    with it `keras` would be another.
    """
    import tensorflow as tf
    from tf_keras.src.layers.rnn import legacy_cells

    tf1, H, name = tf.compat.v1, case.d_ys.shape[-1], type(case.cell).__name__
    tf1.disable_control_flow_v2()  # the while loop of TensorFlow 1 keeps what its gradient needs
    try:
        with tf.Graph().as_default(), tf1.Session() as session:
            xs, state = tf.constant(case.xs), [tf.constant(s) for s in case.state]
            if name == "RNN":
                activations = {"tanh": tf.tanh, "relu": tf.nn.relu, "linear": tf.identity}
                cell = legacy_cells.BasicRNNCell(H, activation=activations[case.cell.activation])
            elif name == "GRU":
                cell = legacy_cells.GRUCell(H)
            else:
                cell = legacy_cells.LSTMCell(H, use_peepholes=name == "PeepholeLSTM")
            first = legacy_cells.LSTMStateTuple(c=state[1], h=state[0]) if len(state) == 2 else state[0]
            ys, last = tf1.nn.dynamic_rnn(cell, xs, case.lengths, first, time_major=True)
            last = [last.h, last.c] if len(state) == 2 else [last]
            loss = tf.reduce_sum(ys * case.d_ys)
            loss += tf.add_n([tf.reduce_sum(s * d) for s, d in zip(last, case.d_last, strict=True)])
            given = convert.to_tf1(case.cell, case.params)
            variables = {v.op.name.split("_cell/", 1)[1]: v for v in tf1.trainable_variables()}
            assert variables.keys() == given.keys(), f"{sorted(variables)} and {sorted(given)}"
            for key, variable in variables.items():
                variable.load(given[key], session)
            d_variables = dict(zip(variables, tf1.gradients(loss, list(variables.values())), strict=True))
            d_xs, *d_first = tf1.gradients(loss, [xs, *state])
            ys, last, d_variables, d_xs, d_first = session.run((ys, last, d_variables, d_xs, d_first))
    finally:
        tf1.enable_control_flow_v2()
    State = case.cell.State
    d_params = convert.from_tf1(case.cell, d_variables, forget_bias=0.0)  # a constant has no gradient
    return Answer(ys, State(*last), d_params, d_xs, State(*d_first))
