"""Two cells in a row: their gradients, what is handed over, and that the decoder writes what it says it writes."""

import numpy as np
import pytest

from unrolled import LSTM, RNN, gradcheck, readout
from unrolled.networks.encoder_decoder import EncoderDecoder, one_late
from unrolled.tasks import seq2seq

T, B, D, H, V, S = 5, 3, 2, 4, 6, 7
LENGTHS = np.array([3, 5, 1])
COUNTS = np.arange(S)[:, None] < [4, 2, 7]


def network(rng, cell, V=V, D=D, **settings):
    return EncoderDecoder(cell, cell.init(rng, D, H), cell.init(rng, V, H) | readout.init(rng, H, V), **settings)


def batch(rng):
    return rng.normal(size=(T, B, D)), LENGTHS, rng.integers(0, V, (S, B)), COUNTS


def test_the_decoder_reads_the_end_first_and_then_every_symbol_one_step_late():
    read = one_late(np.array([[0, 1], [2, 3], [4, 5]]), V)
    assert read.shape == (3, 2, V) and (read.sum(axis=2) == 1).all()
    assert read.argmax(axis=2).tolist() == [[5, 5], [0, 1], [2, 3]]


@pytest.mark.parametrize("cell", [RNN(), LSTM()], ids=["rnn", "lstm"])
def test_the_gradients_of_both_cells_agree_with_finite_differences(cell):
    rng = np.random.default_rng(0)
    net, task = network(rng, cell), batch(rng)
    _, d_encoder, d_decoder = net.gradients(*task)
    assert d_encoder.keys() == net.encoder.keys() and d_decoder.keys() == net.decoder.keys()
    for params, grads in ((net.encoder, d_encoder), (net.decoder, d_decoder)):
        gradcheck.check(lambda: net.gradients(*task)[0], params, grads, rtol=1e-5)


def test_the_gradients_agree_with_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    net, (xs, lengths, symbols, counts) = network(rng, RNN()), batch(rng)
    loss, d_encoder, d_decoder = net.gradients(xs, lengths, symbols, counts)
    encoder, decoder = torch.nn.RNN(D, H, dtype=torch.float64), torch.nn.RNN(V, H, dtype=torch.float64)
    with torch.no_grad():
        for layer, params in ((encoder, net.encoder), (decoder, net.decoder)):
            layer.weight_ih_l0.copy_(torch.tensor(params["W_ih"].T))
            layer.weight_hh_l0.copy_(torch.tensor(params["W_hh"].T))
            layer.bias_ih_l0.copy_(torch.tensor(params["b"]))
            layer.bias_hh_l0.zero_()
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(xs), torch.tensor(lengths), enforce_sorted=False)
    hs, _ = decoder(torch.tensor(one_late(symbols, V)), encoder(packed)[1])
    logits = hs @ torch.tensor(net.decoder["W_hy"]) + torch.tensor(net.decoder["b_y"])
    theirs = torch.nn.functional.cross_entropy(logits[torch.tensor(counts)], torch.tensor(symbols[counts]))
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), rel=1e-12)
    for layer, grads in ((encoder, d_encoder), (decoder, d_decoder)):
        np.testing.assert_allclose(grads["W_ih"], layer.weight_ih_l0.grad.numpy().T, rtol=0, atol=1e-12)
        np.testing.assert_allclose(grads["W_hh"], layer.weight_hh_l0.grad.numpy().T, rtol=0, atol=1e-12)


def test_neither_padding_nor_symbols_behind_the_end_have_a_say():
    rng = np.random.default_rng(2)
    net, (xs, lengths, symbols, counts) = network(rng, RNN()), batch(rng)
    loss, *grads = net.gradients(xs, lengths, symbols, counts)
    xs[lengths[0] :, 0], symbols[~counts] = 9, 0
    again, *others = net.gradients(xs, lengths, symbols, counts)
    assert loss == again
    for ours, theirs in zip(grads, others, strict=True):
        for name in ours:
            np.testing.assert_array_equal(ours[name], theirs[name])


@pytest.mark.parametrize("cell", [RNN(), LSTM()], ids=["rnn", "lstm"])
def test_what_it_writes_is_what_it_says_when_it_is_handed_its_own_symbols(cell):
    rng = np.random.default_rng(3)
    net, (xs, lengths, _, _) = network(rng, cell), batch(rng)
    wrote = net.write(net.read(xs, lengths), S)
    assert wrote.shape == (S, B)
    np.testing.assert_array_equal(net.logits(xs, lengths, wrote).argmax(axis=2), wrote)


def test_other_inputs_of_the_decoder_change_the_loss_but_not_what_is_due():
    rng = np.random.default_rng(4)
    net, task = network(rng, RNN()), batch(rng)
    loss = net.gradients(*task)[0]
    assert net.gradients(*task, heard=one_late(task[2], V))[0] == loss
    assert net.gradients(*task, heard=np.roll(one_late(task[2], V), 1, axis=1))[0] != loss


def test_it_learns_to_sort_two_letters():
    rng = np.random.default_rng(5)
    net = network(rng, LSTM(), V=9, D=8)
    losses = [net.update(*seq2seq.sorting(seq2seq.scrambled(rng, 16, 1, 2))) for _ in range(60)]
    assert losses[0] == pytest.approx(np.log(9), rel=0.2) and losses[-1] < 0.8 * losses[0]


def test_errors_name_the_argument():
    rng = np.random.default_rng(6)
    net, (xs, lengths, symbols, counts) = network(rng, RNN()), batch(rng)
    with pytest.raises(ValueError, match="counts: expected one symbol"):
        net.gradients(xs, lengths, symbols, np.zeros_like(counts))
    with pytest.raises(ValueError, match="decoder: expected 3 hidden units like the encoder, got 4"):
        EncoderDecoder(RNN(), RNN().init(rng, D, 3), net.decoder)
    with pytest.raises(ValueError, match="most: expected at least 1, got 0"):
        net.write(net.read(xs, lengths), 0)
