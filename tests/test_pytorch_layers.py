"""The PyTorch modules: against the same layers in NumPy, against torch.nn, and used as modules are used."""

import copy
import io
import itertools
import pickle
import sys

import numpy as np
import pytest
import torch

from unrolled import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, convert
from unrolled import pytorch as layers
from unrolled.pytorch import bptt, cells
from unrolled.stack import Stack

T, B, D, H = 5, 3, 4, 6  # all different
LENGTHS = [5, 1, 3]
CELLS = [cell for cell in convert.BLOCKS if type(cell) in cells.CELLS]
every_cell = pytest.mark.parametrize("cell", CELLS, ids=str)
double = torch.float64


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small products gain nothing from a second thread, and on a busy machine each waits for the other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def module(cell, rng=0, dtype=double, **settings):
    """Layers of the cell, all weights away from zero."""
    rng = np.random.default_rng(rng)
    made = layers.Recurrent(cell, D, H, dtype=dtype, rng=rng, **settings)
    with torch.no_grad():
        for p in made.parameters():
            p += torch.tensor(rng.normal(size=p.shape) / 2)
    return made


def draw(*shape, dtype=double, seed=0):
    return torch.tensor(np.random.default_rng(seed).normal(size=shape), dtype=dtype)


def first_state(made, seed=1):
    """A state to start from, in the form that forward takes."""
    L = made.num_layers * len(made.directions)
    parts = tuple(draw(L, B, H, seed=seed + n) for n in range(len(made.cell.State._fields)))
    return parts if len(parts) > 1 else parts[0]


def as_parts(state):
    return [state] if isinstance(state, torch.Tensor) else list(state)


def gradients(made, xs, state=None, lengths=None):
    """ys, the last state, and the gradient of a loss that looks at every number, for all that forward read."""
    xs = xs.detach().clone().requires_grad_()
    parts = [] if state is None else [part.detach().clone().requires_grad_() for part in as_parts(state)]
    ys, last = made(xs, None if state is None else tuple(parts), lengths)
    answer = [ys, *as_parts(last)]
    loss = sum((a * draw(*a.shape, dtype=a.dtype, seed=7 + n)).sum() for n, a in enumerate(answer))
    found = torch.autograd.grad(loss, [xs, *parts, *made.parameters()])
    return [a.detach() for a in answer], found


def all_close(got, expected, tolerance=1e-10):
    for a, b in zip(got, expected, strict=True):
        torch.testing.assert_close(a, torch.as_tensor(b), rtol=tolerance, atol=tolerance)


# --- The same numbers as in NumPy -----------------------------------------------------------------------------------


def numpy_answer(made, xs, state, lengths):
    """What `gradients` returns, by Stack."""
    xs, parts, n = xs.numpy(), [part.numpy() for part in as_parts(state)], len(made.directions)
    stack = Stack(made.cell, made.num_layers, n == 2)
    params = [[made.params(layer, direction) for direction in made.directions] for layer in range(made.num_layers)]

    def nested(arrays):
        return [
            [made.cell.State(*(a[layer * n + d] for a in arrays)) for d in range(n)] for layer in range(len(params))
        ]

    def flat(states):
        return [np.stack(arrays) for arrays in zip(*itertools.chain(*states), strict=True)]

    ys, last, trace = stack.unroll(params, xs, nested(parts), lengths)
    answer = [ys, *flat(last)]
    d_ys, *d_last = (draw(*a.shape, seed=7 + n).numpy() for n, a in enumerate(answer))
    d_params, d_xs, d_first = stack.bptt(params, trace, d_ys, nested(d_last))
    d_weights = [d[name] for layer in d_params for d in layer for name in made.names]
    return answer, [d_xs, *flat(d_first), *d_weights]


@pytest.mark.parametrize("engine", ["kernels", "steps", "autograd"])
@every_cell
def test_layers_in_numpy_compute_the_same(cell, engine, monkeypatch):
    if engine == "steps":
        monkeypatch.setitem(sys.modules, "unrolled.fast.kernels", None)
    for lengths, bidirectional, num_layers in [
        (None, False, 1),
        (None, True, 2),
        (LENGTHS, False, 2),
        (LENGTHS, True, 1),
    ]:
        settings = {"bidirectional": bidirectional, "num_layers": num_layers, "by_hand": engine != "autograd"}
        made = module(cell, **settings)
        arguments = draw(T, B, D), first_state(made), lengths
        for got, expected in zip(gradients(made, *arguments), numpy_answer(made, *arguments), strict=True):
            all_close(got, expected)


def test_each_engine_is_used_where_it_should_be(monkeypatch):
    used = []
    for engine in (bptt.Kernels, bptt.Steps):
        forward = engine.forward
        monkeypatch.setattr(engine, "forward", lambda *a, e=engine, f=forward: used.append(e.__name__) or f(*a))
    xs = draw(T, B, D)
    for made, lengths in [
        (module(LSTM()), None),
        (module(LSTM()), LENGTHS),
        (module(PeepholeLSTM("full")), None),
        (module(LSTM(), dtype=torch.bfloat16), None),
        (module(LSTM(), by_hand=False), None),
    ]:
        made(xs.to(made.W_ih_l0.dtype), lengths=lengths)
    monkeypatch.setitem(sys.modules, "unrolled.fast.kernels", None)
    module(LSTM())(xs)
    assert used == ["Kernels", "Steps", "Steps", "Steps", "Steps"]


# --- The same numbers as torch.nn -----------------------------------------------------------------------------------


def torch_twin(made, **settings):
    """The torch.nn layer with the same weights. Its GRU has r before z, and its z is 1 minus ours: σ(-a)."""
    kind = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(made.cell)]
    two = len(made.directions) == 2
    twin = kind(D, H, made.num_layers, dtype=double, bidirectional=two, batch_first=made.batch_first, **settings)
    with torch.no_grad():
        for layer, direction in itertools.product(range(made.num_layers), made.directions):
            p = {name: torch.tensor(array) for name, array in made.params(layer, direction).items()}
            b_hn = p.pop("b_hn", None)
            if type(made.cell) is GRU:
                p = {name: torch.cat([-a[..., :H], a[..., H:]], -1) for name, a in p.items()}
                p = {name: torch.cat([a[..., H : 2 * H], a[..., :H], a[..., 2 * H :]], -1) for name, a in p.items()}
            getattr(twin, f"weight_ih_l{layer}{direction}").copy_(p["W_ih"].T)
            getattr(twin, f"weight_hh_l{layer}{direction}").copy_(p["W_hh"].T)
            getattr(twin, f"bias_ih_l{layer}{direction}").copy_(p["b"])
            getattr(twin, f"bias_hh_l{layer}{direction}").zero_()
            if b_hn is not None:
                getattr(twin, f"bias_hh_l{layer}{direction}")[2 * H :] = b_hn
    return twin


PEERS = pytest.mark.parametrize("cell", [RNN(), LSTM(), GRU(reset_after=True)], ids=str)


@PEERS
def test_torch_nn_computes_the_same(cell):
    for num_layers, bidirectional, batch_first in [(1, False, False), (2, False, True), (2, True, False)]:
        made = module(cell, num_layers=num_layers, bidirectional=bidirectional, batch_first=batch_first)
        twin, xs, state = torch_twin(made), draw(B, T, D) if batch_first else draw(T, B, D), first_state(made)
        (got, d_got), n = gradients(made, xs, state), 1 + len(as_parts(state))
        expected, d_expected = peer_gradients(twin, xs, state)
        all_close(got, expected)
        all_close(d_got[:n], d_expected[:n])
        flat, (ys, _) = xs[0] if batch_first else xs[:, 0], made(xs)
        alone, last = made(flat)
        all_close([alone], [ys[0] if batch_first else ys[:, 0]])
        all_close([alone, *as_parts(last)], [twin(flat)[0], *as_parts(twin(flat)[1])])
        one = [part[:, 0] for part in as_parts(state)]
        one = tuple(one) if len(one) > 1 else one[0]
        all_close([made(flat, one)[0]], [twin(flat, one)[0]])


def peer_gradients(twin, xs, state):
    """As `gradients`, of xs and the first state."""
    xs, parts = xs.clone().requires_grad_(), [part.clone().requires_grad_() for part in as_parts(state)]
    ys, last = twin(xs, tuple(parts) if len(parts) > 1 else parts[0])
    answer = [ys, *as_parts(last)]
    loss = sum((a * draw(*a.shape, seed=7 + n)).sum() for n, a in enumerate(answer))
    return [a.detach() for a in answer], torch.autograd.grad(loss, [xs, *parts])


@PEERS
def test_lengths_are_torchs_packed_sequences(cell):
    made, xs = module(cell, num_layers=2, bidirectional=True), draw(T, B, D)
    packed = torch.nn.utils.rnn.pack_padded_sequence(xs, torch.tensor(LENGTHS), enforce_sorted=False)
    expected, last = torch_twin(made)(packed)
    expected, _ = torch.nn.utils.rnn.pad_packed_sequence(expected)
    for lengths in (LENGTHS, tuple(LENGTHS), np.array(LENGTHS), torch.tensor(LENGTHS), torch.tensor(LENGTHS).int()):
        ys, our_last = made(xs, lengths=lengths)
        all_close([ys, *as_parts(our_last)], [expected, *as_parts(last)])


@pytest.mark.parametrize("by_hand", [True, False])
def test_whatever_stands_in_the_padding(by_hand):
    made, xs = module(GRU(), bidirectional=True, by_hand=by_hand), draw(T, B, D)
    expected = gradients(made, xs, lengths=LENGTHS)
    for padding in (np.nan, np.inf, 1e300):
        spoiled = xs.clone()
        for b, length in enumerate(LENGTHS):
            spoiled[length:, b] = padding
        for got, wanted in zip(gradients(made, spoiled, lengths=LENGTHS), expected, strict=True):
            all_close(got, wanted)


@every_cell
def test_a_nan_is_not_hidden(cell):
    """Nothing is looked at number by number here, so what went wrong must be seen in the answer."""
    xs = draw(T, B, D)
    for name in module(cell).names:
        found = []
        for by_hand in (True, False):
            made = module(cell, by_hand=by_hand)
            with torch.no_grad():
                getattr(made, f"{name}_l0").view(-1)[1] = torch.nan
            found.append([*gradients(made, xs)[0], *gradients(made, xs)[1]])
        assert found[0][0].isnan().any(), name
        for ours, autograds in zip(*found, strict=True):
            assert ours[autograds.isnan()].isnan().all(), name


# --- Gradients ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, [3, 2]])
@every_cell
def test_gradients_agree_with_finite_differences(cell, lengths):
    made = layers.Recurrent(cell, 2, 3, dtype=double, rng=np.random.default_rng(0))
    state = [draw(1, 2, 3, seed=n).requires_grad_() for n, _ in enumerate(cell.State._fields)]
    weights = dict(made.named_parameters())

    def call(xs, *arrays):
        n = len(state)
        ys, last = torch.func.functional_call(
            made, dict(zip(weights, arrays[n:], strict=True)), (xs, arrays[:n], lengths)
        )
        return ys, *as_parts(last)

    torch.autograd.gradcheck(call, (draw(3, 2, 2).requires_grad_(), *state, *weights.values()))


def test_the_gradient_of_a_gradient():
    xs, second = draw(T, B, D).requires_grad_(), []
    with pytest.raises(RuntimeError, match=r"the gradient of a gradient is not written; .* by_hand=False"):
        torch.autograd.grad(module(LSTM())(xs)[0].sum(), xs, create_graph=True)
    for twin in (module(LSTM(), by_hand=False), torch_twin(module(LSTM()))):
        (d_xs,) = torch.autograd.grad(twin(xs)[0].sum(), xs, create_graph=True)
        second.append(torch.autograd.grad(d_xs.square().sum(), xs)[0])
    all_close(*[[d] for d in second])


@pytest.mark.parametrize("lengths", [None, LENGTHS])
def test_the_graph_can_be_kept_and_read_again(lengths):
    made, xs = module(GRU(reset_after=True)), draw(T, B, D).requires_grad_()
    loss = made(xs, lengths=lengths)[0].square().sum()
    first, again = (torch.autograd.grad(loss, [xs, *made.parameters()], retain_graph=keep) for keep in (True, False))
    all_close(again, first, 0)
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        loss.backward()


@every_cell
def test_what_wants_no_gradient_gets_none(cell):
    for lengths in (None, LENGTHS):
        made, xs, state = module(cell), draw(T, B, D), first_state(module(cell))
        made(xs, state, lengths)[0].sum().backward()
        expected = {name: p.grad for name, p in made.named_parameters()}
        made.zero_grad()
        made.W_hh_l0.requires_grad_(False)
        made(xs, state, lengths)[0].sum().backward()
        assert made.W_hh_l0.grad is None
        assert xs.grad is None
        for name, p in made.named_parameters():
            all_close([expected[name] if p.grad is None else p.grad], [expected[name]])
        with torch.no_grad():
            assert made(xs, state, lengths)[0].grad_fn is None
        assert made.requires_grad_(False)(xs, state, lengths)[0].grad_fn is None


def test_a_part_of_the_answer_is_enough_for_a_gradient():
    made, xs = module(LSTM()), draw(T, B, D).requires_grad_()
    (of_c,) = torch.autograd.grad(made(xs)[1][1].sum(), xs)
    (expected,) = torch.autograd.grad(module(LSTM(), by_hand=False)(xs)[1][1].sum(), xs)
    all_close([of_c], [expected])


def test_an_output_changed_in_place_is_no_wrong_gradient():
    for lengths in (None, LENGTHS):
        made = module(LSTM())
        ys, (h, _) = made(draw(T, B, D), lengths=lengths)
        h.zero_()
        ys.sum().backward()
        expected = made.W_hh_l0.grad
        made.zero_grad()
        made(draw(T, B, D), lengths=lengths)[0].sum().backward()
        all_close([made.W_hh_l0.grad], [expected])
    with pytest.raises(RuntimeError, match="modified inplace"):
        made(draw(T, B, D))[0].mul_(2)


def test_non_contiguous_tensors():
    made, xs, state = module(PeepholeLSTM()), draw(T, B, D), first_state(module(LSTM()))
    expected = gradients(made, xs, state)
    spread = [torch.stack([a, a], -1)[..., 0] for a in (xs, *state)]
    for p in made.parameters():
        p.data = torch.stack([p.data, p.data], -1)[..., 0]
    assert not any(a.is_contiguous() for a in [*spread, *made.parameters()])
    for got, wanted in zip(gradients(made, spread[0], spread[1:]), expected, strict=True):
        all_close(got, wanted)


# --- As modules are used --------------------------------------------------------------------------------------------


def test_dropout_acts_between_layers_and_only_in_training():
    made, xs = module(LSTM(), num_layers=2, dropout=0.5), draw(T, B, D)
    torch.manual_seed(0)
    dropped, again = made(xs)[0], made(xs)[0]
    assert not torch.equal(dropped, again)
    torch.manual_seed(0)
    all_close([made(xs)[0]], [dropped], 0)
    made.eval()
    all_close([made(xs)[0], made(xs)[0]], [module(LSTM(), num_layers=2)(xs)[0]] * 2, 0)
    one = module(LSTM(), dropout=0.5)
    all_close([one(xs)[0]], [one(xs)[0]], 0)  # nothing lies between one layer


def test_copies_answer_alike():
    made, xs = module(GRU(), num_layers=2, bidirectional=True), draw(T, B, D)
    other, file = module(GRU(), rng=5, num_layers=2, bidirectional=True), io.BytesIO()
    torch.save(made.state_dict(), file)
    file.seek(0)
    other.load_state_dict(torch.load(file, weights_only=True))
    copies = [other, copy.deepcopy(made), pickle.loads(pickle.dumps(made))]
    for twin in copies:
        all_close([twin(xs)[0]], [made(xs)[0]], 0)
    assert list(made.state_dict())[:4] == ["W_ih_l0", "W_hh_l0", "b_l0", "W_ih_l0_reverse"]
    assert "GRU(reset_after=False), 4, 6, num_layers=2" in repr(made)


@every_cell
def test_other_numbers(cell):
    made, xs = module(cell, dtype=torch.float32), draw(T, B, D)
    (expected, *_), d_expected = gradients(made.double(), xs)
    for dtype, tolerance in [(torch.float32, 1e-4), (torch.bfloat16, 0.2), (torch.float16, 0.02)]:
        made.to(dtype)
        (ys, *_), found = gradients(made, xs.to(dtype))
        assert {a.dtype for a in (ys, *found)} == {dtype}
        for got, wanted in zip((ys, *found), (expected, *d_expected), strict=True):
            assert (got.double() - wanted).norm() < tolerance * wanted.norm()


def test_other_devices():
    made = layers.LSTM(D, H, num_layers=2, device="meta")
    ys, (h, _) = made(torch.empty(T, B, D, device="meta"), lengths=LENGTHS)
    assert (ys.device.type, ys.shape, h.shape) == ("meta", (T, B, H), (2, B, H))
    with torch.device("meta"):
        assert layers.LSTM(D, H).W_ih_l0.device.type == "meta"
    with pytest.raises(
        TypeError, match=r"xs: expected torch\.float32 on meta as the weights, got torch\.float32 on cpu"
    ):
        made(torch.zeros(T, B, D))


def test_autocast_is_left_outside():
    made, xs = module(LSTM(), dtype=torch.float32), draw(T, B, D, dtype=torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        all_close([made(xs)[0]], [module(LSTM(), dtype=torch.float32)(xs)[0]], 0)
        with pytest.raises(TypeError, match=r"xs: expected torch\.float32 .* got torch\.bfloat16"):
            made(torch.nn.Linear(D, D)(xs))


@pytest.mark.parametrize("by_hand", [True, False])
def test_compiled_by_torch(by_hand):
    """aot_eager captures all that eager does, and the gradient too. A graph grows with the steps: two are enough."""
    made = module(LSTM(), bidirectional=True, by_hand=by_hand)
    torch.compiler.reset()
    compiled, xs, state = torch.compile(made, backend="aot_eager"), draw(2, B, D), first_state(made)
    for lengths in (None, [2, 1, 2]):
        expected = gradients(made, xs, state, lengths)
        ys, last = compiled(xs, state, lengths)
        answer = [ys, *last]
        all_close(answer, expected[0])
        loss = sum((a * draw(*a.shape, seed=7 + n)).sum() for n, a in enumerate(answer))
        all_close(torch.autograd.grad(loss, list(made.parameters())), expected[1][3:])


def test_state_as_a_list_a_tuple_or_a_state():
    made, xs = module(LSTM()), draw(T, B, D)
    h, c = first_state(made)
    expected = made(xs, (h, c))[0]
    for state in ([h, c], made.cell.State(h, c)):
        all_close([made(xs, state)[0]], [expected], 0)
    simple = module(RNN())
    all_close([simple(xs, [h])[0]], [simple(xs, h)[0]], 0)
    ys, last = made(xs[:2])
    rest, end = made(xs[2:], last)  # a sequence cut in two
    all_close([torch.cat([ys, rest]), *end], [made(xs)[0], *made(xs)[1]])


def test_the_classes_by_name():
    for kind, settings, cell in [
        (layers.RNN, {"activation": "relu"}, RNN("relu")),
        (layers.LSTM, {"input_bias": -1.0}, LSTM()),
        (layers.PeepholeLSTM, {"form": "full"}, PeepholeLSTM("full")),
        (layers.CoupledLSTM, {"forget_bias": 2.0}, CoupledLSTM()),
        (layers.GRU, {"reset_after": True}, GRU(reset_after=True)),
    ]:
        made = kind(D, H, rng=np.random.default_rng(3), dtype=double, **settings)
        assert made.cell == cell
        expected = cell.init(np.random.default_rng(3), D, H, **{k: v for k, v in settings.items() if "bias" in k})
        np.testing.assert_equal(made.params(), expected)
    torch.manual_seed(4)
    first = layers.LSTM(D, H, forget_bias=2.0)
    torch.manual_seed(4)
    again = layers.LSTM(D, H, forget_bias=2.0)
    all_close(first.parameters(), again.parameters(), 0)
    assert (first.b_l0[H : 2 * H] == 2).all()


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_small_task_is_learnt(by_hand):
    """Was the first number of the sequence positive?"""

    class Classifier(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encode = torch.nn.Sequential(torch.nn.Linear(1, 3), torch.nn.Tanh())
            self.recurrent = layers.LSTM(3, 8, batch_first=True, by_hand=by_hand)
            self.decide = torch.nn.Linear(8, 1)

        def forward(self, xs):
            ys, _ = self.recurrent(self.encode(xs))
            return self.decide(ys[:, -1]).squeeze(-1)

    torch.manual_seed(0)
    model, xs = Classifier(), draw(32, 4, 1, dtype=torch.float32)
    optimizer, losses = torch.optim.Adam(model.parameters(), 0.05), []
    for _ in range(60):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(xs), (xs[:, 0, 0] > 0).float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 3, losses


def test_checkpointing_spares_memory_not_numbers():
    from torch.utils.checkpoint import checkpoint

    made, xs = module(LSTM()), draw(T, B, D).requires_grad_()
    found = [torch.autograd.grad(ys.sum(), xs) for ys in (made(xs)[0], checkpoint(made, xs, use_reentrant=False)[0])]
    all_close(*found, 0)


# --- Errors ---------------------------------------------------------------------------------------------------------

XS = draw(T, B, D)
PACKED = torch.nn.utils.rnn.pack_padded_sequence(XS, LENGTHS, enforce_sorted=False)
BAD_CALLS = {
    "a list": (lambda m: m(XS.tolist()), TypeError, "xs: expected a tensor, got list"),
    "an array": (lambda m: m(XS.numpy()), TypeError, "xs: expected a tensor, got ndarray"),
    "packed": (lambda m: m(PACKED), TypeError, "xs: expected a tensor, got a PackedSequence; pass .* lengths="),
    "wrong D": (lambda m: m(XS[..., 1:]), ValueError, r"xs: .* \(T, B, D\) or \(T, D\), D = 4, .* \(5, 3, 3\)"),
    "too flat": (lambda m: m(XS[0, 0]), ValueError, r"xs: expected shape .* got \(4,\)"),
    "too deep": (lambda m: m(XS[None]), ValueError, r"xs: expected shape .* got \(1, 5, 3, 4\)"),
    "no steps": (lambda m: m(XS[:0]), ValueError, r"none empty, got \(0, 3, 4\)"),
    "no batch": (lambda m: m(XS[:, :0]), ValueError, r"none empty, got \(5, 0, 4\)"),
    "dtype": (lambda m: m(XS.float()), TypeError, r"xs: expected torch\.float64 on cpu .* got torch\.float32"),
    "whole numbers": (lambda m: m(XS.long()), TypeError, r"xs: expected torch\.float64 .* got torch\.int64"),
    "one part": (lambda m: m(XS, XS), TypeError, "state: expected a tensor for each of h, c, got 1 of them"),
    "three parts": (lambda m: m(XS, (XS, XS, XS)), TypeError, "for each of h, c, got 3 of them"),
    "a dict": (lambda m: m(XS, {"h": XS, "c": XS}), TypeError, "for each of h, c, got dict"),
    "None in it": (lambda m: m(XS, (None, None)), TypeError, "state: h: expected a tensor, got NoneType"),
    "state's shape": (lambda m: m(XS, (draw(1, B, H), draw(2, B, H))), ValueError,
                      r"state: expected c of shape \(1, 3, 6\), got \(2, 3, 6\)"),
    "alone, but a batch of states": (lambda m: m(XS[:, 0], (draw(1, 1, H),) * 2), ValueError,
                                     r"state: expected h of shape \(1, 6\), got \(1, 1, 6\)"),
    "state's dtype": (lambda m: m(XS, (draw(1, B, H).float(),) * 2), TypeError, r"state: h: expected torch\.float64"),
    "state's device": (lambda m: m(XS, (draw(1, B, H).to("meta"),) * 2), TypeError, "state: h: .* on meta"),
    "few lengths": (lambda m: m(XS, lengths=[5, 1]), ValueError, "lengths: expected 3 whole numbers"),
    "length 0": (lambda m: m(XS, lengths=[5, 0, 1]), ValueError, "lengths: expected numbers from 1 to T = 5, got 0"),
    "length 6": (lambda m: m(XS, lengths=torch.tensor([6, 2, 1])), ValueError, "from 1 to T = 5, got 1 to 6"),
    "broken lengths": (lambda m: m(XS, lengths=torch.tensor([5.0, 1, 3])), ValueError, "3 whole numbers, .* float32"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_wrong_call_is_named(name):
    call, error, message = BAD_CALLS[name]
    with pytest.raises(error, match=message):
        call(module(LSTM()))


def test_a_wrong_layer_is_named():
    class Mine(LSTM):
        pass

    for make, error, message in [
        (lambda: layers.LSTM(D, H, dropout=1.0), ValueError, "dropout: expected a share from 0 to below 1, got 1.0"),
        (lambda: layers.LSTM(D, H, dropout=-0.1), ValueError, "dropout: .* got -0.1"),
        (lambda: layers.LSTM(D, H, dropout="half"), ValueError, "dropout: .* got 'half'"),
        (lambda: layers.LSTM(D, H, dropout=float("nan")), ValueError, "dropout: .* got nan"),
        (lambda: layers.LSTM(D, 0), ValueError, "hidden_size: expected at least 1, got 0"),
        (lambda: layers.LSTM(4.0, H), TypeError, "input_size: expected a whole number, got 4.0"),
        (lambda: layers.LSTM(D, H, 0), ValueError, "num_layers: expected at least 1, got 0"),
        (lambda: layers.LSTM(D, H, rng=0), TypeError, "rng: expected a NumPy Generator"),
        (lambda: layers.RNN(D, H, activation="sigmoid"), ValueError, "activation: expected one of"),
        (lambda: layers.PeepholeLSTM(D, H, form="half"), ValueError, "form: expected one of"),
        (lambda: layers.Recurrent(Mine(), D, H), TypeError, r"cell: expected one of \['RNN', 'LSTM'"),
        (lambda: layers.Recurrent(LSTM, D, H), TypeError, "cell: expected one of"),
        (
            lambda: layers.LSTM(D, H, dtype=torch.int64),
            TypeError,
            r"dtype: expected a floating-point one, got torch\.int64",
        ),
        (lambda: layers.LSTM(D, H, dtype=torch.complex64), TypeError, r"dtype: .* torch\.complex64"),
    ]:
        with pytest.raises(error, match=message):
            make()


# --- One-line faults are seen ---------------------------------------------------------------------------------------


def swap_gates(cell, p, a_x, state):
    i, f, g, o = lstm_gates(cell, p, a_x, state)
    return i, f, o, g


def forget_the_cell_state(*arguments):
    d_a, d_h_W, before = lstm_grad(*arguments)
    return d_a, d_h_W, before._replace(c=torch.zeros_like(before.c))


lstm_gates, _, lstm_grad, _ = cells.CELLS[LSTM]


FAULTS = [{"gates": swap_gates}, {"step_grad": forget_the_cell_state}]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: next(iter(fault)))
def test_a_one_line_fault_is_seen(fault, monkeypatch):
    monkeypatch.setitem(cells.CELLS, LSTM, cells.CELLS[LSTM]._replace(**fault))
    with pytest.raises(AssertionError):
        test_layers_in_numpy_compute_the_same(LSTM(), "steps", monkeypatch)
