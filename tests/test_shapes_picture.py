"""The living picture of sizes, against arrays that are really made: by the book's Stack, by PyTorch and by Keras."""

import itertools
import re

import numpy as np
import pytest
from traitlets import TraitError

from alone import drawn, living
from unrolled import readout
from unrolled.rnn import RNN
from unrolled.stack import Stack
from unrolled.widgets import Shapes
from unrolled.widgets.shapes import LARGEST

SIZES = {"T": 7, "B": 4, "D": 3, "H": 5, "V": 2}
EVERY = [
    {**SIZES, "layers": layers, "bidirectional": both, "library": library}
    for layers, both, library in itertools.product(
        (1, 2, 3), (False, True), ("book", "pytorch", "batch_first", "keras")
    )
]
names = lambda settings: f"{settings['library']}-{settings['layers']}-{settings['bidirectional']}"  # noqa: E731
every = pytest.mark.parametrize("settings", EVERY, ids=names)


def made(settings):
    """The params, the outputs and the last states of the book's own network of these sizes."""
    stack, rng = Stack(RNN(), settings["layers"], settings["bidirectional"]), np.random.default_rng(0)
    params = stack.init(rng, settings["D"], settings["H"])
    head = readout.init(rng, settings["H"] * stack.directions, settings["V"])
    xs = rng.normal(size=(settings["T"], settings["B"], settings["D"]))
    ys, last, trace = stack.unroll(params, xs)
    return params, head, [*trace.inputs, ys], last


@pytest.mark.parametrize("settings", [s for s in EVERY if s["library"] == "book"], ids=names)
def test_measures_are_those_of_a_network_that_is_really_made(settings):
    m = Shapes(**settings).measures
    params, head, sequences, last = made(settings)
    for n, layer in enumerate(params, start=1):
        for name in ("W_ih", "W_hh", "b"):
            assert m[f"{name}{n}"] == sum(direction[name].size for direction in layer)
        assert m[f"ys{n}"] == sequences[n].size
    assert (m["xs"], m["W_hy"], m["b_y"]) == (sequences[0].size, head["W_hy"].size, head["b_y"].size)
    assert m["logits"] == readout.linear(head, sequences[-1]).size
    assert m["h_n"] == sum(state.h.size for layer in last for state in layer)
    assert m["parameters"] == sum(
        p.size for p in itertools.chain(head.values(), *(d.values() for layer in params for d in layer))
    )
    if settings["layers"] == 1 and not settings["bidirectional"]:
        assert m["parameters"] == RNN().number_of_parameters(3, 5) + 5 * 2 + 2


@pytest.mark.parametrize("settings", [s for s in EVERY if s["library"] in ("pytorch", "batch_first")], ids=names)
def test_measures_and_shapes_are_those_of_pytorch(drawer, settings):
    torch = pytest.importorskip("torch")
    T, B, D, H, V, layers, both, library = settings.values()
    first = library == "batch_first"
    rnn = torch.nn.RNN(D, H, layers, bidirectional=both, batch_first=first)
    head = torch.nn.Linear(H * (1 + both), V)
    xs = torch.zeros((B, T, D) if first else (T, B, D))
    output, h_n = rnn(xs)
    picture = Shapes(**settings)
    m = picture.measures
    assert m["parameters"] == sum(p.numel() for module in (rnn, head) for p in module.parameters())
    for n in range(layers):
        kinds = {"W_ih": "weight_ih", "W_hh": "weight_hh", "b": "bias"}
        for ours, theirs in kinds.items():
            found = [p.numel() for name, p in rnn.named_parameters() if name.startswith(theirs) and f"_l{n}" in name]
            assert m[f"{ours}{n + 1}"] == sum(found)
    assert (m[f"ys{layers}"], m["h_n"], m["logits"]) == (output.numel(), h_n.numel(), head(output).numel())
    page, _ = drawn(drawer, picture)
    shapes = {
        "xs": xs, f"ys{layers}": output, "h_n": h_n, "logits": head(output), "W_hy": head.weight,
        f"W_ih{layers}": rnn.get_parameter(f"weight_ih_l{layers - 1}"),
    }  # fmt: skip
    for id, array in shapes.items():
        assert written(page, id) == tuple(array.shape), id


@pytest.mark.parametrize("settings", [s for s in EVERY if s["library"] == "keras"], ids=names)
def test_measures_and_shapes_are_those_of_keras(drawer, settings):
    keras = pytest.importorskip("keras")
    T, B, D, H, V, layers, both, _ = settings.values()
    kind = keras.layers.SimpleRNN
    outputs = inputs = keras.Input((T, D), batch_size=B)
    recurrent = []
    for _ in range(layers):
        own = kind(H, return_sequences=True)
        recurrent.append(keras.layers.Bidirectional(own) if both else own)
        outputs = recurrent[-1](outputs)
    logits = keras.layers.Dense(V)(outputs)
    picture = Shapes(**settings)
    assert picture.measures["parameters"] == keras.Model(inputs, logits).count_params()
    page, _ = drawn(drawer, picture)
    kernel = recurrent[-1].weights[0]
    shapes = {"xs": inputs, f"ys{layers}": outputs, "logits": logits, f"W_ih{layers}": kernel}
    for id, array in shapes.items():
        assert written(page, id) == tuple(array.shape), id


def written(page, id):
    """The shape that stands on the card of an array, as a tuple."""
    lines = page.select(f"[data-array={id}] p")
    return tuple(int(n) for n in re.findall(r"\d+", lines[2].text.split("×")[-1]))


@every
def test_node_computes_what_python_computes(drawer, settings):
    picture = Shapes(**settings)
    page, state = drawn(drawer, picture)
    assert state["measures"] == picture.measures
    assert f"{picture.measures['parameters']} numbers to learn" in page.text.replace(",", "")


def test_only_the_sizes_that_are_in_a_weight_change_the_count():
    start = Shapes(**SIZES)
    before = start.measures["parameters"]
    for name in LARGEST:
        moved = Shapes(**SIZES | {name: start.trait_values()[name] + 1}).measures["parameters"]
        assert (moved == before) == (name in ("T", "B")), name


def test_measures_follow_the_controls():
    picture = Shapes()
    for settings in EVERY:
        for name, value in settings.items():
            setattr(picture, name, value)
        assert picture.measures == Shapes(**settings).measures


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"T": 0}, "T: expected a whole number from 1 to 100, got 0"),
        ({"B": 201}, "B: expected a whole number from 1 to 200, got 201"),
        ({"H": -3}, "H: expected a whole number from 1"),
        ({"layers": 4}, "layers: expected a whole number from 1 to 3, got 4"),
        ({"D": 2.5}, "'D' trait .* expected an int"),
        ({"V": float("nan")}, "'V' trait .* expected an int"),
        ({"library": "caffe"}, "'library' trait .* expected any of"),
        ({"bidirectional": "yes"}, "'bidirectional' trait .* expected a boolean"),
        ({"x": [1.0]}, "x: Shapes has T, B, D, H, V"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        Shapes(**settings)


def test_a_nonsense_value_leaves_the_picture_as_it_was():
    picture = Shapes(H=7)
    with pytest.raises(TraitError):
        picture.H = 0
    assert (picture.H, picture.measures["H"]) == (7, 7)


# --- on the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(browser, tmp_path):
    with living(browser, tmp_path, Shapes()) as seen:
        seen.picture = seen.page.locator(".u-picture")
        yield seen


def framed(page):
    return {card.get_attribute("data-array") for card in page.picture.locator(".u-changed").all()}


def test_what_a_slider_changes_gets_a_frame_and_is_said(page):
    news = page.picture.locator(".u-news")
    assert framed(page) == set()
    page.picture.get_by_label("steps T").fill("9")
    assert framed(page) == {"xs", "ys1", "logits"}
    assert news.inner_text() == "steps T: from 6 to 9. Changed: xs, ys, logits. The weights stay as they are."
    page.picture.get_by_label("sequences B").fill("8")
    assert framed(page) == {"xs", "ys1", "logits", "h_n"}
    page.picture.get_by_label("sequences B").fill("4")
    assert framed(page) == set()
    assert news.inner_text() == "Back where it was: sequences B 4."
    page.picture.get_by_label("units H").fill("6")
    assert framed(page) == {"W_ih1", "W_hh1", "b1", "ys1", "W_hy", "h_n"}
    page.picture.get_by_label("layers").fill("2")
    assert framed(page) == {"W_ih2", "W_hh2", "b2", "ys2", "h_n"}
    page.picture.get_by_label("axes as in").select_option("pytorch")
    assert "W_ih1" in framed(page)
    page.picture.get_by_label("axes as in").select_option("batch_first")
    assert "(2, 4, 6)" in page.picture.locator("[data-array=h_n]").inner_text()
    page.picture.get_by_label("axes as in").focus()
    page.page.wait_for_function("document.querySelector('.u-shapes [role=status]').textContent.includes('to learn')")


@pytest.mark.parametrize("width", [390, 1300])
def test_the_largest_boxes_fit(page, width):
    """Nothing is drawn beyond its card, and the page stays as wide as the screen."""
    page.page.set_viewport_size({"width": width, "height": 844})
    for name in ("steps T", "sequences B", "inputs D", "units H", "outputs V", "layers"):
        slider = page.picture.get_by_label(name, exact=True)
        slider.fill(slider.get_attribute("max"))
    page.picture.get_by_label("directions").select_option("both")
    for library in ("book", "pytorch", "keras"):
        page.picture.get_by_label("axes as in").select_option(library)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = page.picture.evaluate("""e => [...e.querySelectorAll('.u-array')].filter(card => {
          const svg = card.querySelector('svg'), whole = svg.viewBox.baseVal;
          const out = [...svg.children].some(part => { const b = part.getBBox();
            return b.x < -1 || b.y < -1 || b.x + b.width > whole.width + 1 || b.y + b.height > whole.height + 1; });
          return out || card.scrollWidth > card.clientWidth + 1;
        }).map(card => card.dataset.array)""")
        assert beyond == []
