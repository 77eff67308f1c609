"""The living picture of the chapter on unrolling in code."""

import traitlets

from unrolled.widgets.living import Living, between

MOST = 40  # steps
# Operations, as chapter 8 counts them in the graphs that static_rnn and dynamic_rnn of TensorFlow 2.21 make.
AROUND, EACH = 35, 5  # static: around the steps, and for each step
OUTSIDE, LOOP = 82, 47  # dynamic: outside of the loop, and in it


class UnrolledGraph(Living):
    """What TensorFlow 1 puts into its graph for a recurrent network of T steps, and what works when it runs.

    steps: T, 1 to 40. unrolling: "static", a copy of the cell for each step, or "dynamic", one cell in a loop of the
    graph. t: the step that is at work, 1 to T.
    measures: steps, t; static and dynamic, the operations of either graph; more, how many more the static one has;
    cells, in the graph that is shown; work, the cells that work in a run, one after the other.
    Raises TraitError that names the argument. Slides "static unrolling" and "Dynamic Unrolling".
    """

    controls = ("steps", "unrolling", "t")
    words = "the graph of a recurrent network, statically or dynamically unrolled. Run this cell to drive it."

    steps = traitlets.Int(2).tag(sync=True)
    unrolling = traitlets.Enum(["dynamic", "static"], "static").tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)

    _limits = between(steps=(1, MOST))

    @traitlets.validate("t")
    def _check_t(self, proposal):
        if not 1 <= proposal["value"] <= self.steps:
            raise traitlets.TraitError(f"t: expected a step from 1 to {self.steps}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.observe("steps")
    def _take_t_along(self, change):
        if self.t > change["new"]:
            self.t = change["new"]

    def measured(self):
        T, static, dynamic = self.steps, AROUND + EACH * self.steps, OUTSIDE + LOOP
        cells = T if self.unrolling == "static" else 1
        numbers = {"static": static, "dynamic": dynamic, "more": static - dynamic}
        return {"steps": T, "t": self.t} | numbers | {"cells": cells, "work": T}
