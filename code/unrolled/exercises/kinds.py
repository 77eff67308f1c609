"""The four kinds of exercise. An exercise is one object of these, in one file of `bank/`."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from unrolled.exercises.answers import LETTERS, grid, seal, sealed_number


class Verdict(NamedTuple):
    """What a reader hears back.

    passed: is the answer right? reply: one or a few plain sentences. output: what the reader's code printed.
    counted: False when the answer could not be read at all ("not a number"); that is no attempt.
    """

    passed: bool
    reply: str
    output: str = ""
    counted: bool = True


def paragraphs(text):
    """Wrapped text with blank lines between its paragraphs, as one line for each paragraph."""
    return "\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


class Case(NamedTuple):
    """One call on which a written function is checked.

    arguments: the positional arguments. name: words for the reader ("a batch of one"). edge: True for what a function
    that is right in general may still get wrong.
    """

    name: str
    arguments: tuple
    edge: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """What all kinds have in common.

    id: stable, and the stem of the file's name. chapter: number. difficulty: 1 to 3. minutes: for a reader who has
    read the chapter. question: Markdown, LaTeX allowed, in the slides' letters. All other texts are plain, with
    Unicode letters (h⁽²⁾, w_R) and `code` between backticks. hints: from a nudge to nearly the answer. solution: the
    worked way, not just the result; a blank line begins a new paragraph. right: what a right answer hears.
    """

    id: str
    chapter: int
    title: str
    objective: str
    difficulty: int
    minutes: int
    question: str
    hints: list[str]
    solution: str
    right: str = "Right."

    @property
    def kind(self):
        return type(self).__name__.lower()

    def data(self):
        """All that the widget needs to ask and to judge without a kernel: numbers, texts and lists only."""
        names = "id", "kind", "chapter", "title", "objective", "difficulty", "minutes", "hints", "right"
        return {name: getattr(self, name) for name in names} | {"solution": paragraphs(self.solution)}


@dataclass(frozen=True, kw_only=True)
class Choose(Exercise):
    """One of several answers. choices: (text, reply) for each. answer: the letter of the right one, "a" first."""

    choices: list[tuple[str, str]]
    answer: str

    @property
    def wrong(self):
        letters = LETTERS[: len(self.choices)]
        return [(a, reply) for a, (_, reply) in zip(letters, self.choices, strict=True) if a != self.answer]

    def data(self):
        choices = [{"text": text, "reply": reply} for text, reply in self.choices]
        return super().data() | {"choices": choices, "key": seal(self.id, self.answer)}


@dataclass(frozen=True, kw_only=True)
class Compute(Exercise):
    """A number.

    tolerance: accepted on either side, and said to the reader; 0 asks for the exact number. unit: behind the number,
    may be empty. wrong: (value, reply), each recognised with the same tolerance.
    """

    answer: float
    tolerance: float
    wrong: list[tuple[float, str]]
    unit: str = ""

    def data(self):
        step, _ = grid(self.tolerance)
        return super().data() | {
            "tolerance": self.tolerance,
            "unit": self.unit,
            "key": sealed_number(self.id, self.answer, step),
            "wrong": [{"key": sealed_number(self.id, value, step), "reply": reply} for value, reply in self.wrong],
        }


@dataclass(frozen=True, kw_only=True)
class Tune(Exercise):
    """A living picture whose controls are moved until all goals are met.

    picture: the name of a class of `unrolled.widgets`; start: its settings at the beginning. controls: the settings
    that the reader may move; all others must stay as they are. goals: (measure, low, high, words), a bound may be
    None. answer: settings that meet all goals. wrong: (settings, when, reply); the reply is given when every
    (measure, low, high) of `when` holds, the first that fits wins; `settings` is a recorded wrong answer.
    """

    picture: str
    start: dict[str, Any]
    controls: list[str]
    goals: list[tuple]
    answer: dict[str, Any]
    wrong: list[tuple]

    def data(self):
        names = "measure", "low", "high", "words"
        return super().data() | {
            "controls": self.controls,
            "fixed": {name: value for name, value in self.start.items() if name not in self.controls},
            "goals": [dict(zip(names, goal, strict=True)) for goal in self.goals],
            "wrong": [{"when": [list(rule) for rule in when], "reply": reply} for _, when, reply in self.wrong],
        }


class Slip(NamedTuple):
    """A wrong answer that differs from the right one in one place.

    right: a piece of the answer's code, which stands there once. wrong: what somebody writes instead. reply: what the
    reader hears.
    """

    right: str
    wrong: str
    reply: str


@dataclass(frozen=True, kw_only=True, eq=False)  # each is itself alone: `written.prepare` keeps something for each
class Write(Exercise):
    """A function.

    answer: the right function; its name is the name that the reader must use. docstring: of the function in the
    starter: what comes in and what goes out, with shapes. begin: lines that its body begins with, if any. given:
    functions that the answer calls; the starter holds them, and they are there even when a reader deletes them. wrong:
    mistakes that people make, each a Slip, or (function, reply) where the whole way is another; when the reader's
    function returns the same as one of them, that reply is given. cases: from a random generator to a list of Case.
    tolerance: largest error allowed, as a part of the largest number expected. loss: for a function that computes a
    gradient, the scalar function it must be the gradient of, with respect to its first argument; a test compares by
    finite differences.
    """

    answer: Callable
    docstring: str
    begin: str = ""
    given: tuple[Callable, ...] = ()
    wrong: list[Slip | tuple[Callable, str]]
    cases: Callable
    tolerance: float = 1e-6
    loss: Callable | None = field(default=None)

    @property
    def function(self):
        return self.answer.__name__

    @property
    def head(self):
        """The first line of the function and its docstring, as the reader finds them."""
        return f'def {self.function}{inspect.signature(self.answer)}:\n    """{self.docstring}"""\n'

    @property
    def starter(self):
        """What the editor holds at first: NumPy, what is given, and the function without its body."""
        given = [inspect.getsource(function) for function in self.given]
        body = "".join(f"    {line}\n" for line in [*self.begin.splitlines(), "return ..."])
        return "\n\n".join(["import numpy as np\n", *given, self.head + body])

    def mistakes(self):
        """The recorded wrong answers as (code, reply), the code as a reader would hand it in.

        Raises ValueError, naming the piece, when what a Slip replaces does not stand in the answer exactly once.
        """
        code, found = inspect.getsource(self.answer), []
        for right, *wrong, reply in self.wrong:
            if not wrong:
                found.append((f"{inspect.getsource(right)}\n{self.function} = {right.__name__}\n", reply))
                continue
            if (times := code.count(right)) != 1:
                raise ValueError(
                    f"{self.id}: a Slip's right should stand once in the answer; {right!r} stands {times} times"
                )
            found.append((code.replace(right, *wrong), reply))
        return found

    def data(self):
        code = inspect.getsource(self.answer)
        return super().data() | {"function": self.function, "starter": self.starter, "code": code}
