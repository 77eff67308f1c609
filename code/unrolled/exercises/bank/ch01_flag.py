import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def flags(events):
    state, answers = 0, []
    for event in events:
        if event != 0:
            state = event
        answers.append(state)
    return np.array(answers)


def one_step_back(events):
    before = np.concatenate([[0], events[:-1]])
    return np.where(events != 0, events, before)


def cases(rng):
    return [
        Case("ten steps", (np.array([1, 0, 0, -1, 0, -1, 0, 0, 1, 0]),)),
        Case("thirty random steps", (rng.choice([-1, 0, 0, 0, 1], size=30),)),
        Case("nothing has happened yet", (np.array([0, 0, -1, 0, 0, 0]),), edge=True),
        Case("no event at all", (np.zeros(4, int),), edge=True),
        Case("a stream of one step", (np.array([1]),), edge=True),
        Case("the event lies 200 steps back", (np.array([-1] + [0] * 200),), edge=True),
    ]


exercise = Write(
    id="ch01_flag",
    chapter=1,
    title="Remember with one number",
    objective="write a loop that carries a state from step to step",
    difficulty=2,
    minutes=6,
    question=r"""
`events` is an array of whole numbers, one for each step: 1 for "open", −1 for "close", 0 for "nothing happened".
Return an array of the same length that tells at each step which event came last: 1 or −1, and 0 as long as there was
none. For `[0, 1, 0, -1, 0]` that is `[0, 1, 1, -1, -1]`. Read the events **once**, from left to right.
""",
    docstring="events (T,) of 1, -1 and 0 -> (T,): the last event at each step.",
    begin="state = 0  # before the first event",
    answer=flags,
    wrong=[
        Slip(
            "append(state)",
            "append(event)",
            "This answers from the current event alone: where nothing happens it says 0. What happened before has to "
            "be kept somewhere until then.",
        ),
        Slip(
            "state = event",
            "state += event",
            'A sum counts the events. After two "open" it stands at 2, and one "close" does not bring it '
            "to −1. The newest event should replace the state, not be added to it.",
        ),
        Slip(
            "np.array(answers)",
            "np.sign(np.cumsum(events))",
            "The sign of the sum tells which event came more often, not which came last.",
        ),
        Slip(
            "np.array(answers)",
            "np.array([0, *answers[:-1]])",
            "All answers come one step late: at the step of an event the answer is already the new one. Change the "
            "state first, then append it.",
        ),
        Slip(
            "np.array(answers)",
            "np.full(len(events), state)",
            "This is the state at the end, given for all steps. Append the state inside the loop.",
        ),
        Slip("np.array(answers)", "state", "This is the last state only. One answer is wanted for each step."),
        Slip(
            "np.array(answers)",
            "np.maximum.accumulate(events)",
            "Once open, it stays open: a maximum never comes down again.",
        ),
        (one_step_back, "This looks one step back: a window of two. Two steps after an event it has forgotten."),
    ],
    cases=cases,
    hints=[
        "At a step with an event the new state is the event, whatever the state was.",
        "At a step without one the state stays. So: `if event != 0: state = event`, and then append the state.",
    ],
    solution="""
One number is enough: the last event. At each step, if there is an event it replaces the state; if not, the state
stays. Then the state is the answer. How far back the event lies does not matter, and nothing has to be known about the
length.
""",
    right="Right, at any distance, with one number of memory.",
)
