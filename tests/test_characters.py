"""The character network that is shipped: its losses, what its units tell, and errors that name the argument."""

import json
import math

import numpy as np
import pytest

import characters
import reading_marks
from unrolled import data, results, trained

RESULT = results.load("characters")
PARTS = characters.split(data.shakespeare())


@pytest.fixture(scope="module")
def network():
    return trained.characters()


def test_shapes_and_provenance(network):
    V, H = 62, RESULT["settings"]["H"]
    shapes = {"W_ih": (V, 4 * H), "W_hh": (H, 4 * H), "b": (4 * H,), "W_hy": (H, V), "b_y": (V,)}
    assert {name: p.shape for name, p in network.params.items()} == shapes
    assert all(p.dtype == np.float64 for p in network.params.values())
    assert trained.characters(np.float32).params["W_hh"].dtype == np.float32
    assert network.alphabet == "".join(sorted(set(data.shakespeare())))
    assert RESULT["settings"]["parameters"] == sum(p.size for p in network.params.values())
    assert {"command", "date", "machine", "versions"} <= RESULT["provenance"].keys()
    assert (results.FOLDER / "characters.npz").stat().st_size < 300_000


def test_the_stated_loss_is_found_again(network):
    first = RESULT["first"]
    text = PARTS["validation"][: first["characters"]]
    assert trained.loss(network, text) == pytest.approx(first["validation_loss"], abs=1e-9)


def test_rounding_costs_next_to_nothing_and_the_network_beats_the_counting():
    assert abs(RESULT["validation_loss"] - RESULT["validation_loss_before_rounding"]) < 1e-3
    best = min(baseline["validation"] for baseline in RESULT["baselines"].values())
    assert RESULT["validation_loss"] < best < RESULT["baselines"]["2-gram"]["validation"] < math.log(62)
    assert RESULT["test_loss"] < min(baseline["test"] for baseline in RESULT["baselines"].values())
    bits = RESULT["bits_per_character"]["validation"]
    assert bits == pytest.approx(RESULT["validation_loss"] / math.log(2))


def test_swapped_gates_and_a_lost_state_are_seen(network):
    text = PARTS["validation"][:300]
    good = trained.loss(network, text)
    for name in ("W_ih", "W_hh"):
        swapped = np.split(network.params[name], 4, axis=1)
        swapped[0], swapped[1] = swapped[1], swapped[0]
        assert trained.loss(network._replace(params=network.params | {name: np.hstack(swapped)}), text) > good + 0.1


def test_read_goes_on_from_a_state(network):
    from unrolled.lstm import State

    text = PARTS["validation"][:50]
    whole = trained.read(network, text)
    state = State(h=whole.h[29:30], c=whole.C[29:30])
    rest = trained.read(network, text[30:], state)
    for one, other in zip(whole, rest, strict=True):
        np.testing.assert_allclose(one[30:], other, rtol=0, atol=1e-12)
    np.testing.assert_allclose(whole.C[1:], whole.f[1:] * whole.C[:-1] + whole.i[1:] * whole.g[1:], atol=1e-12)


def test_torch_computes_the_same(network):
    import torch

    p = {name: torch.from_numpy(a.copy()) for name, a in network.params.items()}
    H, text = len(p["W_hh"]), PARTS["validation"][:40]
    lstm = torch.nn.LSTM(len(network.alphabet), H, dtype=torch.float64)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(p["W_ih"].T)
        lstm.weight_hh_l0.copy_(p["W_hh"].T)
        lstm.bias_ih_l0.copy_(p["b"])
        lstm.bias_hh_l0.zero_()
        xs = torch.eye(len(network.alphabet), dtype=torch.float64)[trained.encode(text, network.alphabet)]
        hs, _ = lstm(xs[:, None])
    np.testing.assert_allclose(trained.read(network, text).h, hs[:, 0].numpy(), atol=1e-10)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda n: trained.characters(np.int32), "dtype: expected float64"),
        (lambda n: trained.encode("", n.alphabet), "text: expected at least one"),
        (lambda n: trained.encode(7, n.alphabet), "text: expected a string, got int"),
        (lambda n: trained.read(n, "é7"), "text: the network has never seen '7', 'é'"),
        (lambda n: trained.loss(n, "a"), "text: expected at least two"),
        (lambda n: trained.evidence(5), "unit: expected one of 81"),
    ],
)
def test_errors_name_the_argument(network, call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call(network)


def test_bytes_and_scales_give_the_array_back():
    array = np.random.default_rng(0).normal(size=(5, 7))
    whole, scale = trained.rounded(array)
    assert whole.dtype == np.int8 and np.abs(whole).max() == 127
    assert (np.abs(whole * scale - array) <= scale / 2 + 1e-7).all()


# --- what the units tell ---------------------------------------------------------------------------------------------


def test_marks_of_a_text_by_hand():
    marks = reading_marks.marks("TO:\nBe, so\nI\n")
    assert marks["in a speaker's name"].tolist() == [True] * 2 + [False] * 11
    assert marks["characters since the line began"].tolist() == [1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 0, 1, 0]
    assert marks["letters since the word began"].tolist() == [1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 1, 0]
    assert marks["in the first line of a speech"].tolist() == [False] * 3 + [True] * 7 + [False] * 3
    assert marks["characters since the speaker's name"].tolist() == [0, 0, *range(1, 12)]


def test_fits_by_hand():
    columns = np.array([[1.0, 4.0], [2.0, 3.0], [3.0, 2.0], [4.0, 1.0]])
    ranked = reading_marks.ranks(columns)
    assert reading_marks.fits(ranked, np.array([False, True, False, True])).tolist() == [0.75, 0.25]
    np.testing.assert_allclose(reading_marks.fits(ranked, np.array([1, 2, 3, 9])), [1, -1])
    assert reading_marks.ranks(np.array([[5.0], [5.0], [7.0]]))[:, 0].tolist() == [1.5, 1.5, 3]


def test_the_named_units_tell_what_they_are_named_for(network):
    text = PARTS["validation"]
    read, marks, half = reading_marks.values(network, text), reading_marks.marks(text), len(text) // 2
    for unit, (_, quantity, mark) in trained.NAMED.items():
        ranked = reading_marks.ranks(read[quantity][half:, unit : unit + 1])
        fit = reading_marks.fits(ranked, marks[mark][half:])[0]
        best = RESULT["units"]["marks"][mark]["best"]
        stated = next(b["fit"] for b in best if (b["unit"], b["quantity"]) == (unit, quantity))
        assert fit == pytest.approx(stated, abs=0.001), (unit, mark)
        assert f"{stated:.2f}" in trained.evidence(unit)


def test_the_tally_grows_and_is_reset(network):
    """Unit 31: while a speech goes on its forget and input gates are open and C grows, by more than 0.5 a character."""
    read = trained.read(network, "BRUTUS:\nWhat a blunt fellow is this grown to be!\n\nCASSIUS:\nSo is he now")
    speech = slice(12, 40)
    assert read.f[speech, 31].min() > 0.98 and read.i[speech, 31].mean() > 0.9
    assert 0.5 < np.diff(read.C[speech, 31]).mean() < 1  # not at every character: some take away
    assert read.C[47, 31] > 20 > 5 > read.C[58, 31]  # before and after the next name


def test_saturation_and_memory_are_stored_for_every_unit(network):
    units = RESULT["units"]
    assert len(units["memory"]) == len(units["horizon"]) == 128
    assert all(0 < h <= m + 0.01 for h, m in zip(units["horizon"], units["memory"], strict=True))  # Jensen
    read = reading_marks.values(network, PARTS["validation"][:4000])
    for gate, shares in reading_marks.saturation(read).items():
        assert shares["open"] == pytest.approx(units["saturation"][gate]["open"], abs=0.02)
        assert shares["shut"] == pytest.approx(units["saturation"][gate]["shut"], abs=0.02)


def test_an_interrupted_training_goes_on_with_the_same_numbers(tmp_path):
    rng = np.random.default_rng(0)
    codes = np.array(trained.encode(PARTS["train"][:7000], trained.characters().alphabet))
    first = characters.Learner(characters.initial_params(rng, 62), 6)
    pieces = list(characters.batches(rng, codes))
    pieces = [*pieces, *pieces][:4]
    for piece in pieces[:2]:
        first.update(*piece)
    saved = {name: array.copy() for name, array in first.state().items()}
    second = characters.Learner(characters.initial_params(rng, 62), 6)
    second.restore(saved)
    for piece in pieces[2:]:
        assert first.update(*piece) == second.update(*piece)
    for name, array in first.params().items():
        np.testing.assert_array_equal(array, second.params()[name])


def test_for_page_is_small_and_json():
    assert len(json.dumps(trained.for_page())) < 160_000
