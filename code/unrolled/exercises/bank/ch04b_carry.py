import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def add(xs):
    T, B, _ = xs.shape
    carry = np.zeros(B)
    ys = np.zeros((T, B))
    for t in range(T):
        total = xs[t, :, 0] + xs[t, :, 1] + carry
        ys[t] = total % 2
        carry = total // 2
    return ys


def across_the_batch(xs):
    carry, ys = np.zeros(len(xs)), np.zeros(xs.shape[:2])
    for b in range(xs.shape[1]):
        total = xs[:, b].sum(axis=1) + carry
        ys[:, b], carry = total % 2, total // 2
    return ys


def case(rng, name, T, B, edge=False):
    xs = rng.integers(0, 2, (T, B, 2)).astype(float)
    return Case(name, (xs,), edge)


def cases(rng):
    ones = np.ones((7, 2, 2))
    ones[1:, 0, 1] = ones[-1] = 0  # 63 + 1: the carry runs through; and 63 + 63
    return [
        case(rng, "6 digits, 4 sums at once", 6, 4),
        case(rng, "9 digits, 3 sums at once", 9, 3),
        Case("63 + 1 and 63 + 63: a carry that runs through all digits", (ones,), True),
        case(rng, "one digit", 1, 5, edge=True),
        case(rng, "40 digits, one sum", 40, 1, edge=True),
    ]


exercise = Write(
    id="ch04b_carry",
    chapter=4,
    title="A recurrent cell by hand",
    objective="say what a state must hold, and write the recurrence that keeps it",
    difficulty=2,
    minutes=8,
    question=r"""
Be the network. `xs` (T, B, 2) holds B pairs of binary numbers, **lowest digit first**: `xs[t, b]` are the two digits of
step t, each 0.0 or 1.0. Return the digits of the sums, (T, B), also 0.0 or 1.0: the output of step t may depend on the
inputs up to step t only. What is left over after the last step is dropped. (13 + 7: 1, 0, 1, 1 and 1, 1, 1, 0 give
0, 0, 1, 0 and a carry that is dropped; with a fifth step it would come out.)
""",
    docstring="Digits of pairs (T, B, 2) -> digits of sums (T, B).",
    begin="T, B, _ = xs.shape",
    answer=add,
    wrong=[
        Slip(
            " + carry",
            "",
            "Each step is right on its own, but nothing is carried: 1 + 1 is 0 and one more at the next step.",
        ),
        Slip(
            "total % 2",
            "total",
            "An output is 2 or 3 somewhere: the digit of the sum is what remains when 2 is taken off.",
        ),
        Slip(
            "carry = total // 2",
            "carry = xs[t].sum(axis=1) // 2",
            "The carry is made from the two digits alone. 1 + 0 with a carry of 1 carries again: the old carry "
            "belongs into the sum.",
        ),
        Slip("range(T)", "reversed(range(T))", "You began at the last step. The lowest digit comes first, at t = 0."),
        Slip(
            "total // 2",
            "np.maximum(carry, total // 2)",
            "Once there is a carry you keep it for ever. It is used up at the next step, which makes its own.",
        ),
        Slip(
            "        ys[t] = total % 2\n        carry = total // 2\n",
            "        carry = total // 2\n        ys[t] = (xs[t].sum(axis=1) + carry) % 2\n",
            "The carry of a step is added at the same step. It belongs to the next: first the output, then the new "
            "state.",
        ),
        (across_the_batch, "The carry goes from one sum to the next. Time is the first axis, not the second."),
    ],
    cases=cases,
    hints=[
        "What must one remember from digit to digit when adding on paper? That is the state, one number for each sum.",
        "total = both digits + carry, from 0 to 3. The output is `total % 2`, the next carry `total // 2`.",
    ],
    solution="""
The state is the carry, zero before the first step. At each step total = digit + digit + carry; the output is
total % 2 and the next carry total // 2. That is a recurrent cell: (x, state) give (y, next state), the same rule at
every step, for numbers of any length.
""",
    right="Right. One number of state is all that adding needs, for numbers of any length.",
)
