"""The living picture of two graphs of TensorFlow 1, folded by name scope."""

import functools
from types import SimpleNamespace

import traitlets

from unrolled import graphs, results
from unrolled.widgets.living import Living


@functools.cache
def stored(graph):
    """A graph of results/graphs.json, "static" or "dynamic", as `graphs.fold` takes it."""
    nodes = results.load("graphs")[graph]
    return SimpleNamespace(node=[SimpleNamespace(name=n["name"], op=n["op"], input=n["inputs"]) for n in nodes])


@functools.cache
def scopes(graph):
    """The name scopes of a graph and how many operations each holds, {scope: operations}."""
    return graphs.scopes(stored(graph))


@functools.cache
def operations(graph):
    """What its operations are called here. One named as a scope stands in that scope: transpose/(transpose)."""
    names = [node.name for node in stored(graph).node]
    return {f"{name}/({name.rpartition('/')[2]})" if name in scopes(graph) else name for name in names}


def for_page():
    found = results.load("graphs")
    return {graph: [[n["name"], n["op"], n["inputs"]] for n in found[graph]] for graph in ("static", "dynamic")}


def parted(graph, opened):
    """The scopes of a graph that stand open when those in `opened` are, and the others, which stay closed."""
    asked = [f"{scope}/" for scope in opened.split(",")]
    stand = [scope for scope in scopes(graph) if any(name.startswith(f"{scope}/") for name in asked)]
    return stand, [scope for scope in scopes(graph) if scope not in stand]


class FoldedGraph(Living):
    """The graph of three steps, operation by operation; what the reader closes is folded into a box of its name scope.

    graph: "static", of static_rnn, or "dynamic", of dynamic_rnn. opened: the name scopes that stand open, with commas
    between them; one within another opens that too. chosen: a scope, an operation or "". An operation that is named
    as a scope stands in it: transpose/(transpose).
    measures: operations, of the graph; boxes and arrows that are shown; scopes of the graph, and open, those that stand
    open; levels, down to which all do; chosen, the operations in what is chosen.
    Raises TraitError that names the argument. Slides "static unrolling" and "Dynamic Unrolling".
    """

    files = {"graphs": for_page}  # noqa: RUF012 the same for all of them
    controls = ("graph", "opened", "chosen")
    words = "a TensorFlow graph whose name scopes open and close. Run this cell to drive it."

    graph = traitlets.Enum(["dynamic", "static"], "static").tag(sync=True)
    opened = traitlets.Unicode("rnn").tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    @traitlets.validate("opened")
    def _check_opened(self, proposal):
        known = scopes(self.graph)
        for scope in proposal["value"].split(","):
            if scope and scope not in known:
                outer = ", ".join(name for name in known if "/" not in name)
                raise traitlets.TraitError(
                    f"opened: expected name scopes of the {self.graph} graph, with commas between them, such as "
                    f"{outer}; got {scope[:80]!r}"
                )
        return proposal["value"]

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal):
        name = proposal["value"]
        if name and name not in scopes(self.graph) and name not in operations(self.graph):
            raise traitlets.TraitError(
                f'chosen: expected a name scope or an operation of the {self.graph} graph, or ""; got {name[:80]!r}'
            )
        return name

    @traitlets.observe("graph")
    def _keep_what_both_have(self, change):
        known = scopes(change["new"])
        stand, _ = parted(change["new"], self.opened)
        self.opened = ",".join(scope for scope in stand if not any(s.startswith(f"{scope}/") for s in stand))
        if self.chosen not in known and self.chosen not in operations(change["new"]):
            self.chosen = ""

    def measured(self):
        known, (stand, closed) = scopes(self.graph), parted(self.graph, self.opened)
        outermost = [scope for scope in closed if not any(scope.startswith(f"{other}/") for other in closed)]
        folded = graphs.fold(stored(self.graph), {scope: scope for scope in outermost})
        return {
            "operations": len(stored(self.graph).node),
            "boxes": len(folded.sizes),
            "arrows": len(folded.arrows),
            "scopes": len(known),
            "open": len(stand),
            "levels": min((scope.count("/") for scope in closed), default=1 + max(scope.count("/") for scope in known)),
            "chosen": known.get(self.chosen, 1 if self.chosen else 0),
        }
