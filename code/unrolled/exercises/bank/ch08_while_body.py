import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def while_loop(goes_on, body, variables):
    for _ in range(1000):
        if not goes_on(*variables):
            return variables
        variables = body(*variables)
    never = "goes_on is still true after 1000 rounds (look at the t that body returns)"
    raise RuntimeError(never)


def dynamic(params, xs, h):
    def goes_on(t, h, hs):
        return t < len(xs)

    def body(t, h, hs):
        new = np.tanh(xs[t] @ params["W_ih"] + h @ params["W_hh"] + params["b"])
        return t + 1, new, [*hs, new]

    _, _, hs = while_loop(goes_on, body, (0, h, []))
    return np.stack(hs)  # (T, B, H)


def case(rng, name, T, B, D, H, edge=False, dtype=np.float64):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    params = {key: p.astype(dtype) for key, p in params.items()}
    xs, h = rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H))
    return Case(name, (params, xs.astype(dtype), h.astype(dtype)), edge)


def cases(rng):
    params, xs, h = case(rng, "", 3, 2, 5, 4).arguments
    return [
        case(rng, "6 steps of 3 sequences, 2 numbers each, 5 neurons", 6, 3, 2, 5),
        case(rng, "4 steps of 2 sequences, 5 numbers each, 3 neurons", 4, 2, 5, 3),
        case(rng, "a single step", 1, 2, 3, 4, edge=True),
        case(rng, "a batch of one", 5, 1, 3, 2, edge=True),
        case(rng, "more sequences than steps", 2, 6, 3, 4, edge=True),
        Case("a start from zeros", (params, xs, np.zeros_like(h)), edge=True),
        case(rng, "float32 numbers", 3, 2, 5, 4, edge=True, dtype=np.float32),
    ]


# Two mistakes raise in every case and are none of the recorded: a t that stands still, and one round too many.
exercise = Write(
    id="ch08_while_body",
    chapter=8,
    title="Unroll with a while loop",
    objective="write a recurrent layer as the condition and the body of a while loop",
    difficulty=2,
    minutes=10,
    question=r"""
`dynamic_rnn` puts one step into the graph, and a while loop around it. Do the same for a tanh layer,
$\mathbf{h}^{(t)} = \tanh(W_I \mathbf{x}^{(t)} + W_R \mathbf{h}^{(t-1)} + \mathbf{b}_h)$.
A function `while_loop(goes_on, body, variables)` is there. As long as `goes_on(*variables)` is true it calls
`body(*variables)`, which returns the variables of the next round; at the end it returns the last ones.

The variables are three: the step `t`, counted from 0, the state `h` (B, H), and `hs`, a list of the states so far.
Write `goes_on` and `body`, start the loop, and return **all** states as one array (T, B, H). `params` holds
`W_ih` (D, H), `W_hh` (H, H) and `b` (H,), `xs` is (T, B, D), and `h` is the state before the first step.
""",
    docstring="xs (T, B, D), the state before h (B, H) -> all states, (T, B, H).",
    answer=dynamic,
    given=(while_loop,),
    tolerance=1e-5,
    wrong=[
        Slip(
            "xs[t]",
            "xs[0]",
            "Every round reads the input of the first step. Which of the variables says which input is due?",
        ),
        Slip(
            "t + 1, new,",
            "t + 1, h,",
            "The states are kept, but the old h is handed on: every step starts from the state before the first. What "
            "the body returns second is what the next round gets as h.",
        ),
        Slip(
            "[*hs, new]",
            "[*hs, h]",
            "You keep the state before each step. The first of them is the start, and the last state is missing. "
            "Which state belongs to step t?",
        ),
        Slip(
            "t < len(xs)",
            "t < len(xs) - 1",
            "The loop stops one step early. `goes_on` is asked before each round, with the t that the round will "
            "read. What is the largest t for which there is an input?",
        ),
        Slip(
            "(0, h, [])",
            "(1, h, [])",
            "The first input is never read: the loop begins with t = 1, and the inputs are counted from 0.",
        ),
        Slip(
            "[*hs, new]",
            "[new, *hs]",
            "The states are right, but they stand in reversed order: each new one was put in front. The oldest belongs "
            "there.",
        ),
        Slip(
            "np.stack(hs)",
            "hs[-1]",
            "This is the last state alone, and it is right. The states of all steps are asked for: `outputs`, not "
            "`states`.",
        ),
        Slip(
            "(0, h, [])",
            "(0, h, [h])",
            "One state too many: the list begins with the state before the first step. It should hold what comes "
            "after each step.",
        ),
        Slip(
            "np.stack(hs)",
            "np.stack(hs, axis=1)",
            "This is (B, T, H), the order in which `dynamic_rnn` hands out its outputs. Here time stands first, as in "
            "`xs`.",
        ),
        Slip(
            "(0, h, [])",
            "(0, np.zeros_like(h), [])",
            "The loop starts from zeros. The state before the first step is given: it is the h that comes in.",
        ),
        Slip(
            "len(xs)",
            "xs.shape[1]",
            "The number of rounds is that of the sequences. The second axis of `xs` is the batch; which one is time?",
        ),
    ],
    cases=cases,
    hints=[
        "Nothing but the three variables goes from round to round. So the body returns three things: the next t, the "
        "new state, and the list with the new state at its end.",
        "`goes_on` is true while there is an input for t: `t < len(xs)`. It takes all three variables and needs one.",
        "The loop starts with `(0, h, [])`. Of what it returns, the last is the list; `np.stack` joins it along time.",
    ],
    solution="""
The condition: t < T. The body: read xs[t], compute the new state from it and from h, and return t + 1, the new state,
and the list with the new state at its end. The loop starts with t = 0, the state given, and an empty list.

T occurs in the condition only, and it is asked anew in each round. That is why one such loop serves sequences of every
length, while a graph of copies fits a single one.
""",
    right="Right: one step, written down once, and a loop that serves every length.",
)
