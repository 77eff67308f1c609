from unrolled.exercises.kinds import Case, Slip, Write


def walk_forward(N, first, step, horizon):
    begins = range(first + horizon - 1, N, step)
    return [(begin - horizon + 1, begin, min(begin + step, N)) for begin in begins]


def without_gap(N, first, step, horizon):
    return [(stop, stop, min(stop + step, N)) for stop in range(first, N, step)]


def gap_too_wide(N, first, step, horizon):
    return [(stop, stop + horizon, min(stop + horizon + step, N)) for stop in range(first, N - horizon, step)]


def cases(rng):
    return [
        Case("20 rows, at first 8 to train on, 4 at a time, a horizon of 3", (20, 8, 4, 3)),
        Case("31 rows, at first 10 to train on, 6 at a time, a horizon of 2", (31, 10, 6, 2)),
        Case("a horizon of one day", (17, 5, 4, 1), edge=True),
        Case("a last block that is full", (18, 6, 5, 3), edge=True),
        Case("one row at a time", (12, 7, 1, 2), edge=True),
        Case("a single block, shorter than the step", (15, 9, 10, 3), edge=True),
        Case("no row left to test on", (10, 8, 2, 3), edge=True),
    ]


exercise = Write(
    id="ch10_walk_forward",
    chapter=10,
    title="Walk forward",
    objective="lay out a walk-forward evaluation in which nothing is learned from a day that is still to come",
    difficulty=3,
    minutes=12,
    question=r"""
Row t of a table is a forecast made on the evening of day t: its inputs are known by then, its target is the value of
day t + `horizon`. There are N rows, 0 to N − 1. A *walk-forward evaluation* trains on the first rows, tests on the
next `step` rows, then trains anew on all rows up to a later one, and so on to the end. (`step`
and `horizon` are at least 1.)

Return a list of `(stop, begin, end)`, one for each round: train on `rows[:stop]`, test on `rows[begin:end]`.

- In the first round `stop` is `first`. From round to round everything moves on by `step`.
- On the evening of day `begin` all targets of the training must be known: between the last row of the training and the
  first of the test, `horizon - 1` rows are left out.
- The last block may be shorter than `step`, but it has at least one row.

For N = 10, `first = 4`, `step = 3`, `horizon = 2` that is `[(4, 5, 8), (7, 8, 10)]`.
""",
    docstring="Whole numbers -> list of (stop, begin, end).",
    answer=walk_forward,
    wrong=[
        (
            without_gap,
            "There is no gap: on the evening of day `begin` the last targets of the training are still to come. The "
            "target of the last training row is the value of which day?",
        ),
        Slip(
            "begin - horizon + 1",
            "begin",
            "The test begins where it should, but the training goes on until then. Its last rows have targets that lie "
            "after day `begin`.",
        ),
        Slip(
            "begin - horizon + 1",
            "begin - horizon",
            "The training ends one row too early. Its last row, `stop - 1`, may have day `begin` itself as its target: "
            "on that evening it is known.",
        ),
        (
            gap_too_wide,
            "The gap is one row too wide: `horizon` rows are left out. What is forecast one day ahead would need no "
            "gap at all.",
        ),
        Slip(
            "first + horizon - 1, N, step",
            "first + horizon, N, step",
            "Everything comes one row too late: in the first round `stop` should be `first`.",
        ),
        Slip(
            "(begin - horizon + 1,",
            "(first,",
            "The blocks of the test are right, but the training never grows. Each round trains on all rows that can be "
            "used by then.",
        ),
        Slip(
            "min(begin + step, N)",
            "begin + step",
            "The last block goes on beyond the end: there are only N rows.",
        ),
        Slip(
            "horizon - 1, N, step",
            "horizon - 1, N - step + 1, step",
            "The last block is missing when it is shorter than `step`. It counts too.",
        ),
        Slip(
            "N, step)",
            "N)",
            "You move on by one row, so the blocks of the test overlap and most rows are tested several times. Move on "
            "by `step`.",
        ),
        Slip(
            "min(begin + step, N)",
            "N",
            "Each block goes on to the end. A block has `step` rows; those behind it wait for a network that knows "
            "more.",
        ),
        Slip(
            "N, step)",
            "N, step + horizon - 1)",
            "The gap is inserted between the blocks of the test too, so some rows are never tested. Blocks of the test "
            "follow directly upon one another.",
        ),
    ],
    cases=cases,
    hints=[
        "Row `stop - 1` has the value of day `stop - 1 + horizon` as its target. What is the first evening on which it "
        "is known?",
        "So `begin` is `stop + horizon - 1`. It starts at `first + horizon - 1`, moves on by `step`, and stays below "
        "N: that is a `range`.",
        "For each `begin`: `stop` is `begin - horizon + 1`, and `end` is the smaller one of `begin + step` and N.",
    ],
    solution="""
The last training row is stop − 1, its target the value of day stop − 1 + horizon. On the evening of day begin it is
known if begin is not earlier, so begin = stop + horizon − 1: a gap of horizon − 1 rows. For forecasts one day ahead
there is none.

begin runs from first + horizon − 1 in steps of step as long as it is less than N; stop follows it at a fixed
distance; end is begin + step, but at most N. The blocks of the test join without a gap, so each row from the first
begin on is tested exactly once, by a network that was trained without it.
""",
    right="Right: every row from the first block on is tested once, by a network that knew none of its future.",
)
