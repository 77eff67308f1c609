"""The living picture of the chapter on time series."""

import numpy as np
import traitlets

from unrolled import trained
from unrolled.networks.forecaster import Forecaster
from unrolled.rnn import RNN
from unrolled.tasks.series import RESOLUTION, time_series
from unrolled.widgets.living import Living, between, weight

READ = 20  # values that the network is given
FEWEST, MOST = 20, 300  # values it makes alone
LATEST = 28  # the last start of a piece that it was trained on
LIMIT = 1e6  # beyond it the network has diverged


class Forecast(Living):
    """A small trained network predicts the slides' series, and goes on alone.

    32 ReLU units, trained by `benchmarks/time_series.py`; seed 0. updates: how many it has had, one of
    `trained.MOMENTS`. seed: the 20 values that it reads, from the "series" or "zeros". start: the time at which those
    of the series begin, 0 to 28. way: how it goes on alone, "reread" its last 20 values from a zero state or "carry"
    the state along. steps: the values that it makes alone, 20 to 300. t: the one that is looked at, 1 to steps.
    measures: updates, start, steps, t; kept, how many values there are until one is beyond a million, and diverged,
    1 if one is: what follows is of those kept; value, number t (the last kept, if t is beyond); last; largest, of
    their magnitudes. With the series, the mean squared error of the 20 predictions, mse, of the first, mse_first, and
    of the last, mse_last; the root mean squared error of the first 20 made alone, rmse20, and of all, rmse.
    Raises TraitError that names the argument. Slides "Time series".
    """

    controls = ("updates", "seed", "start", "way", "steps", "t")
    files = {"forecaster": trained.forecaster_for_page}  # noqa: RUF012
    words = "a trained network predicts a series and goes on alone. Run this cell to drive it."

    updates = traitlets.Enum(trained.MOMENTS, 2000).tag(sync=True)
    seed = traitlets.Enum(["series", "zeros"], "series").tag(sync=True)
    start = weight(12.0)
    way = traitlets.Enum(["carry", "reread"], "reread").tag(sync=True)
    steps = traitlets.Int(100).tag(sync=True)
    t = traitlets.Int(100).tag(sync=True)

    _limits = between(start=(0, LATEST), steps=(FEWEST, MOST))

    def __init__(self, **settings):
        super().__init__(**settings)
        if "t" not in settings:
            self.t = self.steps

    @traitlets.validate("t")
    def _check_t(self, proposal):
        if not 1 <= proposal["value"] <= self.steps:
            raise traitlets.TraitError(f"t: expected a value from 1 to {self.steps}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.observe("steps")
    def _take_t_along(self, change):
        if self.t > change["new"]:
            self.t = change["new"]

    def measured(self):
        net = Forecaster(RNN("relu"), trained.forecaster(self.updates))
        true = time_series(self.start + RESOLUTION * np.arange(READ + self.steps))
        read = (true[:READ] if self.seed == "series" else np.zeros(READ))[:, None, None]
        alone = net.reread(read, self.steps, READ) if self.way == "reread" else net.carry(read, self.steps)
        within = np.abs(alone[READ:, 0, 0]) <= LIMIT
        kept = self.steps if within.all() else int(within.argmin())
        made = alone[READ : READ + kept, 0, 0]
        numbers = {"updates": self.updates, "start": self.start, "steps": self.steps, "t": self.t}
        numbers |= {"kept": kept, "diverged": int(kept < self.steps)}
        numbers |= {"value": made[: self.t][-1], "last": made[-1], "largest": np.abs(made).max()}
        if self.seed == "series":
            wrong = (net.predict(read)[:, 0, 0] - true[1 : READ + 1]) ** 2
            numbers |= {"mse": wrong.mean(), "mse_first": wrong[0], "mse_last": wrong[-1]}
            off = (made - true[READ : READ + kept]) ** 2
            numbers |= {"rmse20": np.sqrt(off[:20].mean()), "rmse": np.sqrt(off.mean())}
        return {name: float(value) for name, value in numbers.items()}
