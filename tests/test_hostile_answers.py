# ruff: noqa: E501  (code that means harm, one piece a line)
"""Answers that mean harm, a thousand and more: each gets a clear reply, and nothing breaks."""

import inspect
import itertools
import math
import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

from unrolled import exercises
from unrolled.exercises import kinds, sandbox

BANK = exercises.bank()
WRITTEN = [e for e in BANK.values() if e.kind == "write"]
every_written = pytest.mark.parametrize("exercise", WRITTEN, ids=lambda e: e.id)


class Evil:
    """Raises whatever one asks of it."""

    def _raise(self, *_, **__):
        raise RuntimeError("no")

    __eq__ = __hash__ = __bool__ = __len__ = __iter__ = __array__ = __float__ = __int__ = __str__ = __repr__ = _raise
    __index__ = __add__ = __sub__ = __mul__ = __abs__ = __getattr__ = __lt__ = __contains__ = __format__ = _raise
    __class__ = property(_raise)


class EvilArray(np.ndarray):
    def _raise(self, *_, **__):
        raise RuntimeError("no")

    __array_ufunc__ = __array_function__ = __getitem__ = __eq__ = copy = view = _raise
    shape = dtype = size = ndim = property(_raise)


class EvilDict(dict):
    def _raise(self, *_, **__):
        raise RuntimeError("no")

    get = items = keys = __contains__ = __getitem__ = __iter__ = __len__ = _raise


class Metal(type):
    def __repr__(cls):
        raise RuntimeError("no")

    @property
    def __name__(cls):
        raise RuntimeError("no")


class EvilName(metaclass=Metal):
    pass


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def endless():
    value = []
    value.append(value)
    return value


VALUES = [
    None, True, False, 0, -1, 10**400, -(10**400), 1e308, math.nan, math.inf, -math.inf, 0.1 + 1j, Fraction(1, 3), ...,
    NotImplemented, "", "a", "B ", "b" * 10**6, "é𝔘🙂", "\0", "\ud800", "nan", "1e999", "1/0", "٣", "<script>alert(1)</script>",
    "; drop table", b"b", bytearray(3), memoryview(b"abc"), [], [1, [2, [3]]], (), ("b",), {}, {"w_R": "x"}, {"w_R": math.nan},
    {"w_R": math.inf}, {"w_R": 1e300}, {"w_R": [1]}, {"w_R": None}, {1: 2}, {"x": []}, {"x": [math.nan]}, {"x": "abc"},
    {"__class__": 1}, {"activation": "sin"}, {"w_R": Evil()}, {"x": np.zeros((3, 3))}, set(), frozenset({1}), range(10**9),
    object(), type, int, Evil(), EvilName(), EvilDict(), np.nan, np.float32(1), np.int64(3), np.bool_(True), np.zeros(0),
    np.zeros((2, 0)), np.array("b"), np.array([1, None]), np.array(2.0), np.array([[2.0]]), np.array(["x"]), np.ma.masked,
    np.ma.masked_array([1.0], [True]), np.ones((1, 1)).view(np.matrix), np.datetime64("now"), np.zeros(3).view(EvilArray),
    np.broadcast_to(1.0, (10**6, 10**6)), np.zeros(2, [("a", int)]), nested(5000), endless(), (i for i in [1]), threading.Lock(),
    re.compile("x"), Exception("x"), time, np, np.random.default_rng(0),
]  # fmt: skip


def clean(verdict):
    """No traceback, no line of ours, nothing that JSON or a page cannot hold."""
    reply, output = verdict.reply, verdict.output
    assert type(verdict.passed) is bool
    assert type(reply) is type(output) is str
    assert 5 < len(reply) < 2000
    assert "Traceback" not in reply
    assert "unrolled/exercises" not in reply + output
    assert len(output) < 5000
    (reply + output).encode()


def test_hostile_values_are_answered():
    tried = 0
    for exercise in BANK.values():
        for value in VALUES:
            began = time.process_time()
            if exercise.kind == "write" and issubclass(type(value), str):
                verdict = kinds.Verdict(*exercises.check_in_process(exercise.id, value).values())
            else:
                verdict = exercises.grade(exercise.id, value)
            clean(verdict)
            assert time.process_time() - began < 5
            assert not verdict.passed or exercise.kind in ("choose", "compute"), value
            tried += 1
    assert tried > 1000


@every_written
def test_hostile_results_are_answered(exercise):
    for value in VALUES:
        verdict = exercises.grade(exercise.id, lambda *_, value=value: value)
        clean(verdict)
        assert not verdict.passed
    right = exercise.answer

    def wrapped(wrap):
        """The right function, its result wrapped; of a result of several arrays each of them."""

        def every(result):
            if type(result) is tuple:
                return tuple(every(part) for part in result)
            if type(result) is dict:
                return {name: every(part) for name, part in result.items()}
            return result if type(result) is float else wrap(result)

        return lambda *args: every(right(*args))

    def changes_nothing(wrap):
        """Such as `a.T.copy()` of an array with one axis, the `tolist` of a number, or `[*a]` of a list."""
        result = right(*exercise.cases(np.random.default_rng(0))[0].arguments)
        if not isinstance(result, np.ndarray | np.floating | list):
            return False
        try:
            came = wrap(result)
        except (AttributeError, TypeError, ValueError, IndexError):
            return False
        if type(result) is list:
            return type(came) is list and came == result
        same = (type(came), came.dtype) == (type(result), result.dtype) if hasattr(came, "dtype") else False
        return (same or type(came) is float) and np.array_equal(came, result)

    for wrap in (
        lambda a: a.tolist(), lambda a: [*a], lambda a: (a,), lambda a: a[None], lambda a: a.T.copy(), lambda a: a.astype(object),
        lambda a: a.astype(complex), lambda a: a.astype(str), lambda a: a.astype(int), lambda a: a.astype(np.float16), lambda a: a * np.nan,
        lambda a: a * np.inf, lambda a: np.ma.masked_array(a, True), lambda a: iter(a), lambda a: a.ravel(), lambda a: a[..., :0],
        lambda a: {"a": a}, lambda a: a + 1e-3, lambda a: a.sum(), lambda a: str(a), lambda a: -a, lambda a: a[::-1] + 1,
    ):  # fmt: skip
        verdict = exercises.grade(exercise.id, wrapped(wrap))
        clean(verdict)
        assert not verdict.passed or changes_nothing(wrap), inspect.getsource(wrap)
    if isinstance(right(*exercise.cases(np.random.default_rng(0))[0].arguments), np.floating | list):
        return  # neither a number nor a list has a layout
    # These are right, however odd they look.
    for wrap in (
        lambda a: a.view(np.matrix).A.reshape(a.shape) if a.ndim == 2 else a,
        np.asfortranarray,
        lambda a: a[:],
        lambda a: a.T.copy().T,
    ):
        assert exercises.grade(exercise.id, wrapped(wrap)).passed
    evil = exercises.grade(exercise.id, wrapped(lambda a: a.view(EvilArray)))
    assert not evil.reply.startswith("What your function")


@pytest.mark.parametrize(
    "exercise", [e for e in WRITTEN if e.id in ("ch12_step", "ch12_step_grad")], ids=lambda e: e.id
)
def test_hostile_results_of_two_arrays_are_answered(exercise):
    right = exercise.answer
    for wrap in (
        lambda a, b: (b, a), lambda a, b: a, lambda a, b: b, lambda a, b: (a,), lambda a, b: (a, b, b), lambda a, b: [[a, b]],
        lambda a, b: (a, None), lambda a, b: (None, b), lambda a, b: {"h": a, "c": b}, lambda a, b: {a.size, b.size + 1},
        lambda a, b: np.array([a, b], object), lambda a, b: np.concatenate([a, b], axis=1), lambda a, b: iter((a, b)), lambda a, b: (a, ...),
        lambda a, b: (a, (b,)), lambda a, b: (a, endless()), lambda a, b: (a, Evil()), lambda a, b: (a, b.sum()), lambda a, b: (a, b * np.nan),
    ):  # fmt: skip
        verdict = exercises.grade(exercise.id, lambda *args, wrap=wrap: wrap(*right(*args)))
        clean(verdict)
        assert not verdict.passed, inspect.getsource(wrap)
    assert exercises.grade(exercise.id, lambda *args: list(right(*args))).passed


RAISED = [
    "ValueError('x')", "KeyError('W')", "SystemExit(3)", "KeyboardInterrupt()", "GeneratorExit()", "MemoryError()", "RecursionError()",
    "StopIteration()", "BaseException('b')", "Exception('y' * 10**7)", "UnicodeEncodeError('utf-8', '\\ud800', 0, 1, 'r')", "AssertionError()",
    "type('E' * 500, (Exception,), {})()", "type('E', (Exception,), {'__str__': lambda s: 1 / 0})()", "OSError(2, 'No')", "SyntaxError('s')",
    "type('E', (BaseException,), {'__str__': lambda s: '\\ud800\\0'})()", "ImportError('no torch')", "NotImplementedError()",
    "ExceptionGroup('g', [ValueError()])",
]  # fmt: skip

SOURCES = [
    "", " ", "\0", "def", "def f(:", "x = (", "'''", "return 1", "await x", "yield", "\ud800", "é = 1", "# -*- coding: nonsense -*-\nx = 1",
    "\t if 1:\n x", "  indented = 1", "lambda: (", "(" * 300, "-" * 100_000 + "1", "x" * 200_000, "class NAME: pass", "NAME = 5", "NAME = None",
    "import nothing_like_this", "from . import x", "1/0", "raise SystemExit", "exit()", "quit()", "import sys; sys.exit(0)", "assert False",
    "NAME = lambda *a: a", "NAME = print", "NAME = type", "NAME = len", "def other(*a): pass", "def CUT(*a): pass", "async def NAME(*a): return 1",
    "def NAME(*a): yield 1", "def NAME(): return 1", "def NAME(a): return a", "def NAME(*a, must): return a", "def NAME(*a): return NAME(*a)",
    "def NAME(*a):\n    print('x' * 10**6)\n    return a[0]", "def NAME(*a):\n    import sys\n    sys.stderr.write('e' * 10**6)",
    "def NAME(*a):\n    import sys\n    sys.stdout = None\n    print(1)", "def NAME(*a):\n    import sys\n    sys.stdout.close()\n    print(1)",
    "def NAME(*a): return globals()", "def NAME(*a): return NAME", "def NAME(*a): return undefined", "def NAME(*a): return a[0].nothing",
    "def NAME(*a):\n    for x in a:\n        if hasattr(x, 'clear'): x.clear()\n    return 1",
    "def NAME(*a):\n    for x in a:\n        if hasattr(x, 'fill'): x.fill(7)\n    return 1",
    "def NAME(*a):\n    a[0].resize((1, 1), refcheck=False)", "def NAME(*a): return np.zeros((10**6, 10**6, 10**6))",
    "def NAME(*a):\n    try:\n        raise SystemExit\n    except BaseException:\n        return 0", "def NAME(*a): return input()",
    "class NAME:\n    def __init__(self, *a): self.a = a", "class C:\n    def __call__(self, *a): return None\nNAME = C()",
    "class C:\n    def __getattr__(self, n): raise ValueError\nNAME = C()", "import warnings\nwarnings.simplefilter('error')\nNAME = lambda *a: 1",
    "def NAME(*a):\n    import threading\n    threading.Thread(target=lambda: 1 / 0).start()", "def NAME(*a): return np.random", "def NAME(*a): return open('/dev/null')",
    "global NAME", "nonlocal x", "from __future__ import braces", "from __future__ import annotations\nNAME = 1", "del np", "np = None\ndef NAME(*a): return np.tanh(1)",
    *(f"def NAME(*a):\n    raise {error}" for error in RAISED), *(f"raise {error}" for error in RAISED[:8]),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@every_written
def test_hostile_code_is_answered_in_this_process(exercise):
    for source in SOURCES:
        source = source.replace("NAME", exercise.function).replace("CUT(", exercise.function[:-1] + "(")
        verdict = kinds.Verdict(*exercises.check_in_process(exercise.id, source).values())
        clean(verdict)
        assert not verdict.passed, source
    assert exercises.check_in_process(exercise.id, exercise.data()["code"])["passed"], "nothing of ours was changed"


def test_replies_name_what_went_wrong():
    def reply(source):
        return exercises.check_in_process("ch02_step", source)["reply"]

    assert reply("import numpy as np\n\ndef step(params, x, h):\n    a = x @ params['W_hi']\n    return a").startswith(
        "Line 4 (`a = x @ params['W_hi']`) raises KeyError: 'W_hi'"
    )
    assert "line 2 (`def step(params, x, h)`)" in reply("\ndef step(params, x, h)\n    return x")
    assert reply("def step(params, x, h):\n    np.tanh(x)") == "`step` returns None. Is there a `return`?"
    assert "Is it transposed?" in reply("def step(p, x, h): return np.tanh(x @ p['W_ih'] + h @ p['W_hh'] + p['b']).T")
    assert "should have shape (4, 5); (4,) came" in reply("def step(p, x, h): return (x @ p['W_ih']).sum(axis=1)")
    assert "NaN" in reply("def step(p, x, h): return np.full(h.shape, np.nan)")
    assert "There is `stepp`" in reply("def stepp(p, x, h): return x")
    assert "leaves Python" in reply("def step(p, x, h): exit()")
    edge = "def step(p, x, h):\n    y = np.tanh(x @ p['W_ih'] + h @ p['W_hh'] + p['b'])\n    return y if len(x) > 1 else y[0]"
    assert reply(edge).startswith("Right in general, but not for a batch of one. The result should have shape (1, 5)")
    changes = "def step(p, x, h):\n    x *= 0 + 1.0000001\n    return np.tanh(x @ p['W_ih'] + h @ p['W_hh'] + p['b'])"
    assert "changes its argument `x`" in reply(changes)
    reused = "out = {}\ndef step(p, x, h):\n    o = out.setdefault((h.shape, h.dtype), np.empty_like(h))\n    o[...] = np.tanh(x @ p['W_ih'] + h @ p['W_hh'] + p['b'])\n    return o"
    assert exercises.check_in_process("ch02_step", reused)["passed"]


ENDLESS = [
    "while True: pass", "while True:\n    try:\n        while True: print('x' * 1000)\n    except BaseException: pass",
    "import signal, time\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except Exception: pass\ntime.sleep(9999)",
]  # fmt: skip


def test_endless_code_is_stopped(monkeypatch):
    assert sandbox.SECONDS == 5, "as the docstrings and the book say"
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    with ThreadPoolExecutor(len(ENDLESS)) as pool:
        for verdict in pool.map(lambda source: sandbox.check("ch02_step", source), ENDLESS):
            clean(verdict)
            assert "still running after 1 seconds" in verdict.reply
            assert not verdict.passed


STEP = "def step(p, x, h): return np.tanh(x @ p['W_ih'] + h @ p['W_hh'] + p['b'])\n"
DEADLY = {  # code: what the reply says
    "import os; os._exit(0)": "os._exit",
    "import os; os._exit(7)": "exit status 7",
    "import os; os.abort()": "SIGABRT",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "SIGKILL",
    "import ctypes; ctypes.string_at(0)": "SIGSEGV",
    "import sys\nsys.setrecursionlimit(10**9)\ndef step(*a): return step(*a)": ("SIGSEGV", "MemoryError", "RecursionError", "SIGABRT"),
    "x = bytearray(100 * 2**30)": "MemoryError",
    "x = [0]\nwhile True: x *= 2": ("MemoryError", "still running"),
    "import builtins\nfor n in dir(builtins): setattr(builtins, n, None)": "exit status 70",
    "import builtins\nbuiltins.__dict__.clear()": "Python ended before",
    "import os\nfor f in range(3, 100):\n    try: os.close(f)\n    except OSError: pass\n" + STEP: "Python ended before",
    "import os\nos.write(1, b'[true, \"forged\", \"\"]\\n' * 100)": "no function `step`",
    "print('x' * 10**6)\n" + STEP: "Right",
    "import os\nos.write(1, b'y' * 10**6)\n" + STEP: "Right",
    "import os\nfor i in range(30): os.write(2, b'z' * 2**20)\n" + STEP: ("Right", "raises OSError"),
    "import subprocess\nsubprocess.Popen(['sleep', '9999'])\n" + STEP: "Right",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(9999,)).start()\n" + STEP: "Right",
    "import os\nif os.fork() == 0:\n    while True: pass\n" + STEP: "Right",
    "import atexit, time\natexit.register(time.sleep, 9999)\n" + STEP: "Right",
    "import numpy\nnumpy.tanh = numpy.abs = numpy.asarray = None\n" + STEP: "TypeError",
    "import json\njson.dumps = None\n" + STEP: "Right",
    "import sys\nsys.stdin.read()\n" + STEP: "Right",
    "import sys, io\nsys.stdout = sys.stderr = None\n" + STEP: "Right",
    "import unrolled.exercises.written as c\nc.check_function = lambda *a: 1 / 0\n" + STEP: ("exit status 70", "Right"),
    "import shutil, os\nshutil.rmtree(os.getcwd())\n" + STEP: "Right",
    "import sys\nsys.settrace(lambda *a: 1 / 0)\n" + STEP: ("ZeroDivisionError", "exit status 70"),
}  # fmt: skip


@pytest.mark.slow
def test_deadly_code_is_answered_in_its_own_process():
    """None of it hangs, or this test would for hours; none harms this process, none shows a line of ours."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda source: sandbox.check("ch02_step", source), DEADLY))
    for (source, words), verdict in zip(DEADLY.items(), answers, strict=True):
        clean(verdict)
        assert any(word in verdict.reply for word in ([words] if isinstance(words, str) else words)), (source, verdict)
        assert verdict.passed == verdict.reply.startswith("Right"), source
    printed = answers[list(DEADLY).index("print('x' * 10**6)\n" + STEP)].output
    assert printed.startswith("xxx")
    assert printed.endswith("more characters")
    assert "sleep 9999" not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout


def test_its_own_process_says_the_same_as_this_one():
    """Of each exercise once, right and wrong by turns: what a process could lack depends on the exercise alone."""
    for exercise, wrong in zip(WRITTEN, itertools.cycle([False, True])):
        source = exercise.mistakes()[0][0] if wrong else exercise.data()["code"]
        assert exercises.check(exercise.id, source) == exercises.check_in_process(exercise.id, source)


def test_a_checker_that_cannot_start_says_so_and_counts_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "PACKAGE", tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    (tmp_path / "unrolled").mkdir()
    (tmp_path / "unrolled" / "__init__.py").write_text("raise ImportError('half installed')")
    verdict = sandbox.check("ch02_step", STEP)
    assert verdict.reply == "The check itself did not start: ImportError: half installed."
    assert not verdict.counted


LIARS = ["np.ndarray", "float", "tuple", "dict"]


@every_written
def test_what_lies_about_its_class_is_answered_and_never_right(exercise):
    for kind in LIARS:
        lie = f"class Liar:\n    __class__ = {kind}\n\ndef {exercise.function}(*_):\n    return Liar()\n"
        verdict = kinds.Verdict(*exercises.check_in_process(exercise.id, lie).values())
        clean(verdict)
        assert not verdict.passed, lie
