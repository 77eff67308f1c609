"""The living picture of the folded graph: that it shows TensorFlow's own, its counts, its drawing, its buttons."""

import random
import re

import pytest
from traitlets import TraitError

from alone import drawn, living, same
from graphs import made
from unrolled import results
from unrolled.widgets import FoldedGraph
from unrolled.widgets.folded_graph import operations, parted, scopes, stored

GRAPHS = ("static", "dynamic")
EVERYTHING = {graph: ",".join(scopes(graph)) for graph in GRAPHS}


@pytest.mark.filterwarnings("ignore:.* is deprecated and will be removed")
@pytest.mark.parametrize("graph", GRAPHS)
def test_todays_tensorflow_makes_the_graph_that_is_shown(graph):
    assert made(graph) == results.load("graphs")[graph]


def arrows(graph, opened):
    """By hand: the arrows between what is shown, found without `graphs.fold`."""
    stand, _ = parted(graph, opened)

    def shown(name):
        parts = name.split("/")
        outer = ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        return next((scope for scope in outer if scope in scopes(graph) and scope not in stand), name)

    pairs = {
        (shown(source.split(":")[0]), shown(node.name))
        for node in stored(graph).node
        for source in node.input
        if source[0] != "^"
    }
    return {(a, b) for a, b in pairs if a != b}, {shown(node.name) for node in stored(graph).node}


def test_the_counts_of_the_chapter():
    start = FoldedGraph().measures
    assert (start["operations"], start["scopes"], start["open"], start["chosen"]) == (50, 22, 1, 0)
    step = FoldedGraph(opened="rnn/cell_1", chosen="rnn/cell_1").measures
    assert (step["open"], step["chosen"]) == (2, 5)
    loop = FoldedGraph(graph="dynamic", opened="rnn", chosen="rnn/while").measures
    assert (loop["operations"], loop["chosen"]) == (129, 47)
    coming, _ = arrows("static", "rnn/cell_1")
    sources = sorted(a for a, b in coming if b.startswith("rnn/cell_1/") and not a.startswith("rnn/cell_1/"))
    assert sources == ["rnn/basic_rnn_cell", "rnn/basic_rnn_cell", "rnn/cell", "unstack"]
    around, _ = arrows("dynamic", "rnn/while")
    assert {
        ("rnn/while/cell", "rnn/while/NextIteration_3"),
        ("rnn/while/NextIteration_3", "rnn/while/Merge_3"),
    } <= around


@pytest.mark.parametrize("graph", GRAPHS)
def test_fully_open_each_operation_is_a_box_and_fully_closed_only_the_outermost(graph):
    names = [node.name for node in stored(graph).node]
    whole = FoldedGraph(graph=graph, opened=EVERYTHING[graph]).measures
    assert (whole["boxes"], whole["open"], whole["levels"]) == (len(names), whole["scopes"], 5)
    closed = FoldedGraph(graph=graph, opened="").measures
    assert (closed["boxes"], closed["open"], closed["levels"]) == (len({n.split("/")[0] for n in names}), 0, 0)


def some(rng, graph):
    """Settings: some scopes open, something chosen."""
    opened = ",".join(rng.sample(list(scopes(graph)), rng.randrange(8)))
    return {"graph": graph, "opened": opened, "chosen": rng.choice(["", *scopes(graph), *sorted(operations(graph))])}


@pytest.mark.parametrize("graph", GRAPHS)
def test_whatever_is_open_node_draws_python_counts_and_no_two_boxes_overlap(drawer, graph):
    rng = random.Random(8)
    for settings in [{"graph": graph, "opened": EVERYTHING[graph]}, *(some(rng, graph) for _ in range(12))]:
        picture = FoldedGraph(**settings)
        page, state = drawn(drawer, picture)
        same(state["measures"], picture.measures)
        pairs, boxes = arrows(graph, picture.opened)
        assert (picture.measures["arrows"], picture.measures["boxes"]) == (len(pairs), len(boxes))
        assert len(page.select(".u-arrow")) == len(pairs)
        shown = page.select("[data-name]")
        assert len([box for box in shown if box.get("aria-expanded") != "true"]) == len(boxes)
        wide, high = map(float, page.select_one("svg.u-drawing")["viewbox"].split()[2:])
        places = [[float(box.rect[side]) for side in ("x", "y", "width", "height")] for box in shown]
        for i, (x, y, w, h) in enumerate(places):
            assert x >= 0 and x + w <= wide and y >= 0 and y + h <= high
            assert all(x + w <= a or a + c <= x or y + h <= b or b + d <= y for a, b, c, d in places[:i])
        assert len([box for box in shown if box["tabindex"] == "0"]) == 1


def test_a_box_stands_below_all_that_it_reads_from(drawer):
    """But for the arrows of a loop, which leave a NextIteration."""
    for graph in GRAPHS:
        for levels in range(6):
            opened = ",".join(scope for scope in scopes(graph) if scope.count("/") < levels)
            page, _ = drawn(drawer, FoldedGraph(graph=graph, opened=opened))
            at = {re.sub(r"/\(.*", "", box["data-name"]): float(box.rect["y"]) for box in page.select("[data-name]")}
            up = [(a, b) for a, b in arrows(graph, opened)[0] if at[a] >= at[b]]
            back = len(page.select(".u-arrow.u-loop"))
            assert len(up) == back == (4 if graph == "dynamic" and levels > 1 else 0)
            assert all("NextIteration" in a and "Merge" in b for a, b in up)


def test_an_operation_says_what_it_is_and_what_it_reads(drawer):
    def told(**settings):
        return " ".join(line.text for line in drawn(drawer, FoldedGraph(**settings))[0].select(".u-told p"))

    words = told(opened="rnn/cell_1", chosen="rnn/cell_1/MatMul")
    assert "rnn/cell_1/MatMul: operation MatMul." in words
    assert "It reads rnn/cell_1/concat, rnn/basic_rnn_cell/kernel/Read/Identity. It is read by 1 operation." in words
    assert "waits for rnn/basic_rnn_cell/bias/Assign and rnn/basic_rnn_cell/kernel/Assign" in told(chosen="init")
    assert "transpose: operation Transpose." in told(opened="transpose", chosen="transpose/(transpose)")
    assert "It is within rnn, which is closed." in told(opened="", chosen="rnn/cell/Tanh")
    loop = told(graph="dynamic", chosen="rnn/while")
    assert "rnn/while: a name scope of 47 operations." in loop and "4 NextIteration" in loop and "1 LoopCond" in loop


def test_it_opens_and_closes_by_click_and_by_key_and_says_so(browser, tmp_path):
    with living(browser, tmp_path, FoldedGraph()) as seen:
        page = seen.page
        box = lambda name: page.locator(f'[data-name="{name}"]')  # noqa: E731
        focused = lambda: page.evaluate("document.activeElement.getAttribute('data-name')")  # noqa: E731
        box("rnn/cell_1").click()
        assert seen.agrees()["opened"] == "rnn/cell_1" and focused() == "rnn/cell_1"
        assert box("rnn/cell_1").get_attribute("aria-expanded") == "true"
        page.wait_for_function("document.querySelector('.u-spoken').textContent.includes('name scope of 5 operations')")
        page.keyboard.press("ArrowDown")
        assert focused() == "rnn/cell_1/concat"
        page.keyboard.press("End")
        page.keyboard.press("Home")
        assert focused() == page.locator("[data-name]").first.get_attribute("data-name")
        box("rnn/cell_1/Tanh").focus()
        page.keyboard.press("Enter")
        assert seen.agrees()["chosen"] == "rnn/cell_1/Tanh" and focused() == "rnn/cell_1/Tanh"
        assert box("rnn/cell_1/Tanh").get_attribute("aria-pressed") == "true"
        page.wait_for_function("document.querySelector('.u-spoken').textContent.includes('operation Tanh')")
        box("rnn").focus()
        page.keyboard.press(" ")
        assert seen.agrees()["opened"] == "" and focused() == "rnn"
        page.get_by_role("button", name="Open one level more").click()
        assert seen.agrees()["measures"]["levels"] == 1


def test_what_a_sentence_chooses_comes_into_view(browser, tmp_path):
    name = "rnn/while/NextIteration_3"
    text = f'<p><span data-drive="FoldedGraph graph=dynamic opened=rnn/while chosen={name}">Go</span></p>'
    with living(browser, tmp_path, FoldedGraph(), text=text) as seen:
        seen.page.locator("a.u-drive").click()
        room, box = (seen.page.locator(css).bounding_box() for css in (".u-graph-room", f'[data-name="{name}"]'))
        assert room["y"] <= box["y"] and box["y"] + box["height"] <= room["y"] + room["height"]
        assert seen.page.locator(".u-graph-room").evaluate("room => room.scrollTop") > 0


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_label_fits_its_box_and_a_finger_hits_it_on_a_phone(browser, tmp_path, graph):
    fits = """() => [...document.querySelectorAll("[data-name]")].filter((box) => {
      const { left, right, height } = box.querySelector("rect").getBoundingClientRect();
      const labels = [...box.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
      return height < 24 || labels.some((label) => label.left < left + 2 || label.right > right - 2);
    }).map((box) => box.getAttribute("data-name"))"""
    picture = FoldedGraph(graph=graph, opened="")
    with living(browser, tmp_path, picture, viewport={"width": 390, "height": 844}) as seen:
        for levels in range(6):
            seen.page.locator(".u-slider input").fill(str(levels))
            assert seen.agrees()["measures"]["levels"] == levels
            assert not seen.page.evaluate(fits)


def test_the_other_graph_keeps_what_it_has_too(browser, tmp_path):
    picture = FoldedGraph(opened="rnn/cell,rnn/zeros/packed", chosen="rnn/cell")
    with living(browser, tmp_path, FoldedGraph(opened=picture.opened, chosen=picture.chosen)) as seen:
        picture.graph = "dynamic"
        assert (picture.opened, picture.chosen) == ("rnn/zeros/packed", "")
        seen.page.locator("select").last.select_option("dynamic")
        found = seen.agrees()
        assert (found["opened"], found["chosen"]) == (picture.opened, picture.chosen)
        same(found["measures"], picture.measures)


def test_what_is_open_stands_in_the_address(browser, serve, tmp_path):
    address = serve(tmp_path)
    query = "?FoldedGraph.graph=dynamic&FoldedGraph.opened=rnn/while,rnn/zeros&FoldedGraph.chosen=rnn/time"
    for asked, opened, chosen in ((query, "rnn/while,rnn/zeros", "rnn/time"), ("?FoldedGraph.opened=none", "", "")):
        with living(browser, tmp_path, FoldedGraph(), address=address, query=asked) as seen:
            found = seen.agrees()
            assert (found["opened"], found["chosen"]) == (opened, chosen)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"opened": "rnn/whale"}, "opened: expected name scopes of the static graph, .* such as .*rnn.*whale"),
        ({"opened": "rnn,rnn/while"}, "opened: .*static graph.*'rnn/while'"),
        ({"graph": "dynamic", "chosen": "stack"}, "chosen: expected .* operation of the dynamic .*'stack'"),
        ({"graph": "lazy"}, "graph"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises(TraitError, match=words):
        FoldedGraph(**settings)
