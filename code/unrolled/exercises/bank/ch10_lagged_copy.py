import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def skill(forecast, true):
    error = ((forecast - true)[1:] ** 2).mean()
    persistence = ((true[:-1] - true[1:]) ** 2).mean()
    return 1 - error / persistence


def rolled(forecast, true):
    return 1 - ((forecast - true) ** 2).mean() / ((np.roll(true, 1) - true) ** 2).mean()


def absolute(forecast, true):
    return 1 - np.abs(forecast - true)[1:].mean() / np.abs(true[:-1] - true[1:]).mean()


def mean_of_ratios(forecast, true):
    return 1 - ((forecast - true)[1:] ** 2 / (true[:-1] - true[1:]) ** 2).mean()


def cases(rng):
    def case(name, N, noise, edge=False, level=0.0):
        true = level + rng.normal(size=N).cumsum()
        return Case(name, (true + noise * rng.normal(size=N), true), edge)

    walk = rng.normal(size=12).cumsum()
    return [
        case("a good forecast of 9 values", 9, 0.4),
        case("a poor forecast of 14 values", 14, 1.5),
        case("two values only", 2, 0.5, edge=True),
        Case("a forecast that is a lagged copy", (np.concatenate([[0.3], walk[:-1]]), walk), edge=True),
        case("a nearly perfect forecast", 11, 0.01, edge=True),
        case("values around 500", 10, 0.5, edge=True, level=500.0),
    ]


exercise = Write(
    id="ch10_lagged_copy",
    chapter=10,
    title="Is it a lagged copy?",
    objective="measure a forecast against the last value, so that a lagged copy cannot pass for a good one",
    difficulty=2,
    minutes=8,
    question=r"""
`true[i]` is the value at step i, `forecast[i]` what was forecast for **the same** step one step before. Both are (N,).
Drawn over each other they look alike, but so does a copy that lags one step behind. Compute the skill score

$$1 - \frac{\text{MSE of the forecast}}{\text{MSE of persistence}}$$

*Persistence* forecasts for each step the true value of the step before. The first step has none before it: leave it
out of both means. (The values are never all the same, so nothing is divided by 0.)
""",
    docstring="forecast (N,) and true (N,), N at least 2 -> one number.",
    answer=skill,
    wrong=[
        Slip(
            "(forecast - true)[1:]",
            "(forecast - true)",
            "The forecast is measured on all N steps and persistence on N − 1. Both must be measured on the same "
            "steps: leave out the first one for the forecast too.",
        ),
        Slip(
            "(forecast - true)[1:]",
            "(forecast - true)[:-1]",
            "The last step is left out for the forecast. Persistence is missing at the other end: which step has no "
            "value before it?",
        ),
        Slip(
            "(forecast - true)[1:]",
            "(forecast[:-1] - true[1:])",
            "Your forecast is moved by one step: `forecast[i]` is compared with `true[i + 1]`. The two are aligned "
            "already.",
        ),
        Slip(
            "(forecast - true)[1:]",
            "(forecast[1:] - true[:-1])",
            "This measures how far the forecast is from the value of the step before, so a lagged copy gets the best "
            "score. Compare `forecast[i]` with `true[i]`.",
        ),
        Slip(
            "(true[:-1] - true[1:])",
            "(forecast[:-1] - true[1:])",
            "Persistence takes the last true value, which is known by then, and not the last forecast.",
        ),
        Slip(
            "(true[:-1] - true[1:])",
            "(true[1:] - true.mean())",
            "You compare with the mean of the series. By that measure a lagged copy of a slow series looks excellent. "
            "What does persistence forecast?",
        ),
        Slip("error / persistence", "np.sqrt(error / persistence)", "This is the ratio of the roots. Leave them out."),
        (absolute, "You took absolute errors. The mean squared error is asked for."),
        (
            rolled,
            "`np.roll` brings the last value to the front: persistence would know at the first step how the series "
            "ends.",
        ),
        Slip("1 - error / persistence", "error / persistence", "This is the ratio: smaller is better. Subtract it."),
        Slip(
            "error / persistence",
            "persistence / error",
            "The ratio is upside down: a better forecast gets a worse score.",
        ),
        (
            mean_of_ratios,
            "You took the mean of the ratios, so a step at which the series hardly moves outweighs all others. Take "
            "two means first, then one ratio.",
        ),
    ],
    cases=cases,
    hints=[
        "Two means over the same N − 1 steps, 1 to N − 1. For persistence: what stands at the place of `forecast[i]`?",
        "The errors of persistence are `true[:-1] - true[1:]`. Those of the forecast, without the first: "
        "`(forecast - true)[1:]`.",
    ],
    solution="""
Persistence forecasts true[i − 1] for step i, so its errors are true[:-1] − true[1:]. On the same steps the forecast's
are forecast[1:] − true[1:]. Square, take the mean of each, and 1 minus their ratio is the skill.

A perfect forecast gets 1. A lagged copy gets exactly 0, however well its curve lies over the other one, and what is
worse than the last value is below 0. The other way round it is no proof: a forecast with a skill of 0 need not be a
copy, but it has told nobody anything that the last value had not.
""",
    right="Right. A lagged copy gets exactly 0, a perfect forecast 1, and less than 0 is worse than the last value.",
)
