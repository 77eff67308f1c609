"""Folding a graph by name scope, and drawing it."""

from types import SimpleNamespace

from unrolled import figures, graphs


def graph(**inputs):
    """A graph of operations and what they read: names with dots for the slashes."""
    return SimpleNamespace(
        node=[
            SimpleNamespace(name=name.replace("__", "/"), input=[source.replace("__", "/") for source in read])
            for name, read in inputs.items()
        ]
    )


LOOP = graph(
    x=[],
    rnn__kernel=[],
    rnn__while__merge=["x", "rnn__while__next"],
    rnn__while__step=["rnn__while__merge:1", "rnn__kernel"],
    rnn__while__next=["rnn__while__step"],
    rnn__whiled=["rnn__while__step:0"],
    init=["^rnn__kernel"],
)


def test_what_lies_in_a_scope_is_one_box_and_the_longest_scope_wins():
    folded = graphs.fold(LOOP, {"rnn": "around", "rnn/while": "the loop"})
    assert folded.sizes == {"x": 1, "around": 2, "the loop": 3, "init": 1}
    assert folded.arrows == {("x", "the loop"), ("around", "the loop"), ("the loop", "around")}


def test_what_lies_in_none_is_a_box_of_its_own():
    folded = graphs.fold(LOOP, {})
    assert set(folded.sizes) == {node.name for node in LOOP.node}
    assert ("rnn/while/next", "rnn/while/merge") in folded.arrows
    assert not [arrow for arrow in folded.arrows if "init" in arrow], "what only orders is no arrow"


def test_scopes_count_what_fold_puts_into_their_boxes():
    named_alike = graph(rnn__zeros=["rnn__zeros__const"], rnn__zeros__const=[], init=[])
    assert graphs.scopes(named_alike) == {"rnn": 2, "rnn/zeros": 2}
    found = graphs.scopes(LOOP)
    assert found == {"rnn": 5, "rnn/while": 3}
    assert all(graphs.fold(LOOP, {scope: scope}).sizes[scope] == count for scope, count in found.items())


def test_a_box_stands_below_all_that_it_reads_from():
    folded = graphs.fold(LOOP, {"rnn/while": "the loop"})
    row = graphs.rows(folded)
    assert row == {"x": 0, "rnn/kernel": 0, "the loop": 1, "rnn/whiled": 2, "init": 0}
    assert all(row[a] < row[b] for a, b in folded.arrows)


def test_an_arrow_back_does_not_hang():
    assert set(graphs.rows(graphs.fold(LOOP, {}))) == {node.name for node in LOOP.node}


def test_the_drawing_has_a_box_for_each_and_says_how_much_it_holds():
    _fig, ax = figures.subplots()
    folded = graphs.fold(LOOP, {"rnn": "around", "rnn/while": "the loop"})
    graphs.draw(ax, folded, {"x": 0.1}, {"x": "#123456"})
    words = {text.get_text(): text for text in ax.texts if text.get_text()}
    assert set(words) == {"x\n1 operation", "around\n2 operations", "the loop\n3 operations", "init\n1 operation"}
    assert words["x\n1 operation"].get_position()[0] == 0.1
    assert words["x\n1 operation"].get_color() == "#123456"
    assert len(ax.texts) - len(words) == len(folded.arrows)
