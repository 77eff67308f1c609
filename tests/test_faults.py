"""Would the suite notice? One line of the package is changed, the way a tired reader might write it, and a named proof
must turn red. Each fault is the text of the line and what stands there instead, so a fault cannot outlive its line."""

import inspect
import textwrap

import pytest

import test_cells
import test_convert
import test_keras_cells
import test_stack
from unrolled import convert, sequence, stack
from unrolled.cell import Cell
from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.keras import cells as keras_cells
from unrolled.lstm import LSTM
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN


def finite_differences(name, setting="all"):
    test_cells.test_gradients_agree_with_finite_differences(name, setting)


def torch_nn(name):
    test_cells.test_torch_nn_computes_the_same(name, "all")


def keras_layer(name):
    test_cells.test_keras_layers_compute_the_same(name, "all")


def our_keras_cell(name):
    test_cells.test_our_keras_cells_compute_the_same(name, "all")


def onnx_runtime(name):
    test_cells.test_onnx_runtime_computes_the_same(name, "all")


def two_torch_cells(name):
    test_cells.test_peepholes_are_two_torch_lstm_cells(name, "all")


def negated_gate(name):
    test_cells.test_coupled_gates_are_a_torch_lstm_with_a_negated_gate("all")


def block_lstm(name):
    test_cells.test_tensorflows_block_lstm_computes_the_same("first state")


def torch_stack(name):
    test_stack.test_torch_nn_computes_the_same_stack(name, True, "all")


FORGET = test_cells.test_the_forget_gate_starts_open_and_nothing_else_does
DRAWN = test_cells.test_each_block_of_weights_is_drawn_by_itself
PADDING = test_cells.test_what_stands_in_the_padding_does_not_matter
LONGER = test_cells.test_longer_padding_does_not_matter
WINDOWS = test_cells.test_truncation_is_bptt_of_each_window_with_the_state_carried
CUT = test_cells.test_a_sequence_cut_in_two_with_the_state_carried_is_the_whole
ALONE = test_cells.test_a_batch_of_lengths_is_its_sequences_one_by_one

# what is wrong: (function, the right text, the wrong text, the proof, of which cell)
FAULTS = {
    # the simple cell
    "W_hh not transposed": (RNN.step_grad, 'params["W_hh"].T', 'params["W_hh"]', finite_differences, "RNN tanh"),
    "tanh' forgotten": (RNN.step_grad, "d_h * dg_h(after.h)", "d_h", finite_differences, "RNN tanh"),
    "tanh' of the old h": (RNN.step_grad, "dg_h(after.h)", "dg_h(before.h)", finite_differences, "RNN tanh"),
    "next step dropped": (RNN.step_grad, "d_output + d_after.h", "d_output", finite_differences, "RNN relu"),
    "bias forgotten": (RNN.step, ' + params["b"]', "", torch_nn, "RNN relu"),
    # the LSTM
    "i and f swapped": (LSTM.gates, "a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o =", torch_nn, "LSTM"),
    "g and o swapped": (LSTM.gates, "a_i, a_f, a_g, a_o =", "a_i, a_f, a_o, a_g =", keras_layer, "LSTM"),
    "candidate without tanh": (LSTM.gates, "g = np.tanh(a_g)", "g = a_g", finite_differences, "LSTM"),
    "candidate a gate": (LSTM.gates, "g = np.tanh(a_g)", "g = sigmoid(a_g)", onnx_runtime, "LSTM"),
    "h without tanh": (LSTM.step, "o * np.tanh(c)", "o * c", finite_differences, "LSTM"),
    "i and f swap roles": (LSTM.step, "f * state.c + i * g", "i * state.c + f * g", torch_nn, "LSTM"),
    "forget bias in i": (LSTM.init, "b_i, b_f, _, _ =", "b_f, b_i, _, _ =", FORGET, "LSTM"),
    "forget bias in g": (LSTM.init, "b_i, b_f, _, _ =", "b_i, _, b_f, _ =", FORGET, "PeepholeLSTM full"),
    "d_c: the later C missing": (LSTM.step_grad, "d_after.c + ", "", finite_differences, "LSTM"),
    "d_c: the output missing": (LSTM.step_grad, " + d_h * o * (1 - np.tanh(after.c) ** 2)", "", torch_nn, "LSTM"),
    "d_c: tanh' missing": (LSTM.step_grad, " * (1 - np.tanh(after.c) ** 2)", "", finite_differences, "LSTM"),
    "d_c not through f": (LSTM.step_grad, "c=d_c * f", "c=d_c", finite_differences, "LSTM"),
    "d_f with the new C": (LSTM.step_grad, "d_c * before.c", "d_c * after.c", finite_differences, "LSTM"),
    "d_a in another order": (LSTM.step_grad, "[d_a_i, d_a_f, d_a_g, d_a_o]",
        "[d_a_f, d_a_i, d_a_g, d_a_o]", finite_differences, "LSTM"),
    # peepholes
    "o sees the old C": (PeepholeLSTM.gates, "see(c, ", "see(state.c, ", two_torch_cells, "PeepholeLSTM diagonal"),
    "i sees through W_cf": (PeepholeLSTM.gates, 'see(state.c, params["W_ci"])', 'see(state.c, params["W_cf"])',
        onnx_runtime, "PeepholeLSTM diagonal"),
    "d_c without o's view": (PeepholeLSTM.step_grad, ' + see_grad(d_a_o, params["W_co"])', "",
        finite_differences, "PeepholeLSTM full"),
    "d_c without f's view": (PeepholeLSTM.step_grad, ' + see_grad(d_a_f, params["W_cf"])', "",
        block_lstm, "PeepholeLSTM diagonal"),
    "W_co's gradient from the old C": (PeepholeLSTM.weight_grads, "rows(after.c), d_o", "rows(before.c), d_o",
        finite_differences, "PeepholeLSTM diagonal"),
    "d_i and d_f swapped": (PeepholeLSTM.weight_grads, "d_i, d_f, _, d_o =", "d_f, d_i, _, d_o =",
        two_torch_cells, "PeepholeLSTM full"),
    # coupled gates
    "not coupled": (CoupledLSTM.step, "(1 - f) * g", "g", negated_gate, "CoupledLSTM"),
    "f also writes": (CoupledLSTM.step, "f * state.c + (1 - f) * g", "(1 - f) * state.c + f * g",
        onnx_runtime, "CoupledLSTM"),
    "d_f forgets that f takes from g": (CoupledLSTM.step_grad, "(before.c - g)", "before.c",
        finite_differences, "CoupledLSTM"),
    # the GRU
    "z flipped": (GRU.step, "(1 - z) * state.h + z * n", "z * state.h + (1 - z) * n", keras_layer, "GRU"),
    "reset gate dropped": (GRU.gates, "(r * state.h) @ W_hn", "state.h @ W_hn", keras_layer, "GRU"),
    "reset after instead of before": (GRU.gates, "(r * state.h) @ W_hn", "r * (state.h @ W_hn)", our_keras_cell, "GRU"),
    "b_hn outside the reset": (GRU.gates, 'r * (state.h @ W_hn + params["b_hn"])',
        'r * (state.h @ W_hn) + params["b_hn"]', torch_nn, "GRU reset after"),
    "the way past n dropped": (GRU.step_grad, "d_h * (1 - z) + ", "", finite_differences, "GRU"),
    "d_r without h": (GRU.step_grad, "d_a_n @ W_hn.T * before.h", "d_a_n @ W_hn.T", finite_differences, "GRU"),
    "W_hn's gradient without r": (GRU.weight_grads, "(r * h).T @ d_n", "h.T @ d_n", finite_differences, "GRU"),
    "b_hn's gradient without r": (GRU.weight_grads, "(r * d_n).sum(axis=0)", "d_n.sum(axis=0)",
        torch_nn, "GRU reset after"),
    # what all cells share
    "b summed over the wrong axis": (Cell.weight_grads, "sum(axis=0)", "sum(axis=1)", finite_differences, "LSTM"),
    "b averaged": (Cell.weight_grads, "sum(axis=0)", "mean(axis=0)", finite_differences, "CoupledLSTM"),
    "W_hh's gradient from the new h": (Cell.weight_grads, "rows(before.h)", "rows(after.h)", torch_nn, "RNN tanh"),
    "one draw for all blocks": (Cell.init, "[W_ih(rng, D, H) for _ in range(k)]", "[W_ih(rng, D, H)] * k",
        DRAWN, "GRU"),
    # the loops over time
    "lengths ignored": (sequence._alive, "None if lengths is None else", "None if True else", torch_nn, "LSTM"),
    "outputs in the padding": (sequence.unroll, "_where(alive, t, y, np.zeros_like(y))", "y", PADDING, "GRU"),
    "state moves in the padding": (sequence.unroll, "_where(alive, t, *pair) for pair in zip(state, states[-1], ",
        "pair[0] for pair in zip(state, states[-1], ", LONGER, "LSTM"),
    "one step too many": (sequence._alive, "np.arange(T)[:, None, None] <", "np.arange(T)[:, None, None] <=",
        ALONE, "GRU"),
    "d_a in the padding": (sequence.bptt, "_where(alive, t, d_a, np.zeros_like(d_a))", "d_a", torch_nn, "RNN tanh"),
    "d_state lost in the padding": (sequence.bptt, "_where(alive, t, *pair) for", "pair[0] for", ALONE, "LSTM"),
    "padding overflows": (sequence._cleared, "xs * alive", "xs", PADDING, "RNN relu"),
    "d_state forgotten": (sequence.bptt, "cell.zero_state(params, B) if d_state is None else",
        "cell.zero_state(params, B) if True else", CUT, "GRU"),
    "windows start from the first state": (sequence.truncated_bptt, "states[w.start : w.stop + 1]",
        "states[: len(xs[w]) + 1]", WINDOWS, "RNN tanh"),
    # layers
    "padding turned round too": (stack.turned, "if lengths is None:", "if True:", torch_stack, "LSTM"),
    "directions share a state": (stack.Stack.bptt, "last[backwards]", "last[0]", torch_stack, "GRU reset after"),
    "one direction's d_xs lost": (stack.Stack.bptt, "d_ys += turned", "d_ys = turned", torch_stack, "RNN tanh"),
    "dropout without its gradient": (stack.Stack.bptt, "d_ys * trace.masks[number]", "d_ys",
        test_stack.test_gradients_agree_with_finite_differences, "RNN tanh"),
    "dropout not made up for": (stack.Stack._mask, " / xs.dtype.type(self.keep)", "",
        lambda _: test_stack.test_dropout_keeps_the_expectation_and_spares_the_input_and_the_output(), "LSTM"),
    # elsewhere
    "PyTorch's biases not added": (convert._inwards, '"b": b_ih + b_hh', '"b": b_ih',
        lambda name: test_convert.test_pytorchs_own_module_is_read_and_loaded(name, True), "LSTM"),
    "TensorFlow 1's bias in another gate": (convert.to_tf1, "np.split(bias, 4)[2]", "np.split(bias, 4)[1]",
        lambda _: test_convert.test_tensorflow_1_adds_its_forget_bias_itself(), "LSTM"),
    "peepholes in another order": (convert.to_onnx, 'params["W_ci"], params["W_co"], params["W_cf"]',
        'params["W_ci"], params["W_cf"], params["W_co"]', onnx_runtime, "PeepholeLSTM diagonal"),
    "a gate moved without its sign": (convert.reorder, "gate.swapcase(), -block", "gate.swapcase(), block",
        keras_layer, "GRU"),
    "Keras: o sees the old C": (keras_cells.PeepholeLSTMCell.step, "c = f * c + i * g\n    o = sigmoid(a_o + see(c, ",
        "o = sigmoid(a_o + see(c, self.W_co))\n    c = f * c + i * g\n    _ = (see(c, ",
        our_keras_cell, "PeepholeLSTM full"),
    "Keras: not coupled": (keras_cells.CoupledLSTMCell.step, "(1 - f) * g", "g", our_keras_cell, "CoupledLSTM"),
    "Keras: z flipped": (keras_cells.GRUCell.step, "(1 - z) * h + z * n", "z * h + (1 - z) * n", our_keras_cell, "GRU"),
    "Keras: one draw for all blocks": (keras_cells.Cell.build, "self.kernel_initializer, seed + block",
        "self.kernel_initializer, seed", test_keras_cells.test_weights_start_as_in_numpy, "GRU"),
    "Keras: forget bias in every gate": (keras_cells.Cell.build, 'if gate == "f" else 0.0', "",
        test_keras_cells.test_weights_start_as_in_numpy, "CoupledLSTM"),
}  # fmt: skip


def with_fault(function, right, wrong):
    """The code of `function` with one piece of its text replaced."""
    text = textwrap.dedent(inspect.getsource(function))
    assert text.count(right) == 1, f"{right!r} stands {text.count(right)} times in {function.__qualname__}"
    body = textwrap.indent(text.replace(right, wrong), "    ")
    cells = ", ".join(function.__code__.co_freevars)  # __class__, where the method calls super()
    scope = dict(function.__globals__)
    exec(f"def outer({cells}):\n    global {function.__name__}\n{body}\nouter(*{[0] * bool(cells)})", scope)
    return scope[function.__name__].__code__


@pytest.mark.parametrize("fault", FAULTS)
def test_a_one_line_fault_turns_its_proof_red(fault, monkeypatch):
    function, right, wrong, proof, name = FAULTS[fault]
    monkeypatch.setattr(function, "__code__", with_fault(function, right, wrong))
    # Not that the line does not run: the numbers are wrong.
    with pytest.raises((AssertionError, FloatingPointError)):
        proof(name)


FIRST = {fault[0]: fault for fault in reversed(FAULTS.values())}


@pytest.mark.parametrize("function", FIRST, ids=lambda function: f"{function.__module__}.{function.__qualname__}")
def test_without_a_fault_the_same_proof_is_green(function, monkeypatch):
    """The red is the fault's and not that of exchanging the code."""
    _, right, _, proof, name = FIRST[function]
    monkeypatch.setattr(function, "__code__", with_fault(function, right, right))
    proof(name)
