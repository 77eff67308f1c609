"""A TensorFlow graph as a drawing: operations folded into boxes by name scope, one row for each step of the way."""

from collections import Counter
from typing import NamedTuple

from unrolled.palette import LIGHT


class Folded(NamedTuple):
    """sizes: {box: how many operations it holds}. arrows: {(box, box)}: the second reads what the first computes."""

    sizes: dict[str, int]
    arrows: set[tuple[str, str]]


def fold(graph_def, boxes):
    """Fold a graph: each operation goes into the box whose scope is the longest that its name begins with.

    graph_def: a GraphDef, or anything with `node`, each with `name` and `input`. boxes: {scope: the box's name}; what
    lies in none of the scopes is a box of its own. Arrows within a box, and those that only order, are left out.
    """

    def box(name):
        scopes = [scope for scope in boxes if name == scope or name.startswith(f"{scope}/")]
        return boxes[max(scopes, key=len)] if scopes else name

    sizes, arrows = Counter(), set()
    for node in graph_def.node:
        sizes[box(node.name)] += 1
        for source in node.input:
            if not source.startswith("^"):
                arrows.add((box(source.partition(":")[0]), box(node.name)))
    return Folded(dict(sizes), {(a, b) for a, b in arrows if a != b})


def scopes(graph_def):
    """The name scopes of a graph, those within others too, and how many operations each holds: {scope: operations}.

    An operation that is named as a scope counts as one of it, as in `fold`.
    """
    names = [node.name for node in graph_def.node]
    found = {}
    for name in names:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            scope = "/".join(parts[:depth])
            found[scope] = found.get(scope, 0) + 1
    return {scope: count + (scope in names) for scope, count in found.items()}


def rows(folded):
    """The boxes in rows: each box stands below all that it reads from; {box: row}. An arrow back is not followed."""
    row = {}

    def place(box, above):
        if box not in row:
            read = [a for a, b in folded.arrows if b == box and a not in above]
            row[box] = 1 + max((place(a, {*above, box}) for a in sorted(read)), default=-1)
        return row[box]

    for box in folded.sizes:
        place(box, set())
    return row


def draw(ax, folded, across=None, colours=None):
    """Draw a folded graph on Matplotlib axes, top to bottom, an arrow for each that reads from another.

    across: {box: where in its row, 0 to 1}, for those not to be spread evenly; colours: {box: a colour}.
    """
    row, across, colours = rows(folded), across or {}, colours or {}
    drawn = {}
    for number in sorted(set(row.values())):
        beside = [box for box in folded.sizes if row[box] == number]
        for at, box in enumerate(beside):
            place = across.get(box, (at + 0.5) / len(beside)), -number
            colour, count = colours.get(box, LIGHT["ink"]), folded.sizes[box]
            words = f"{box}\n{count} operation{'s' if count > 1 else ''}"
            frame = {"boxstyle": "round,pad=0.3", "facecolor": LIGHT["paper"], "edgecolor": colour, "linewidth": 1.5}
            drawn[box] = ax.text(*place, words, ha="center", va="center", fontsize=9, color=colour, bbox=frame)
    ax.set(xlim=(0, 1), ylim=(-max(row.values()) - 0.5, 0.5))
    ax.axis("off")
    ax.figure.draw_without_rendering()  # only now the frames have their sizes, at which the arrows end
    for a, b in sorted(folded.arrows):
        ends = {"patchA": drawn[a].get_bbox_patch(), "patchB": drawn[b].get_bbox_patch(), "shrinkA": 1, "shrinkB": 1}
        style = {"arrowstyle": "->", "color": LIGHT["muted"], "linewidth": 1} | ends
        ax.annotate("", drawn[b].get_position(), drawn[a].get_position(), arrowprops=style, zorder=1)
