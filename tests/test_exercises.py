"""The bank of exercises, and the judges of answers in Python and in JavaScript."""

import dataclasses
import inspect
import itertools
import json
import math
import random
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from unrolled import RNN, bptt, exercises, gradcheck, readout, unroll
from unrolled.activations import sigmoid
from unrolled.exercises import answers, kinds, written
from unrolled.lstm import LSTM
from unrolled.networks import forecaster
from unrolled.tasks.series import sliding_windows

HERE = Path(exercises.__file__).parent
BANK = exercises.bank()
OF_KIND = {kind: [e for e in BANK.values() if e.kind == kind] for kind in ("choose", "compute", "tune", "write")}
every = pytest.mark.parametrize("exercise", BANK.values(), ids=BANK)
every_written = pytest.mark.parametrize("exercise", OF_KIND["write"], ids=lambda e: e.id)


def judged(exercise, answer):
    """The verdict on an answer; for "write", on its code."""
    if exercise.kind == "write":
        return kinds.Verdict(*exercises.check_in_process(exercise.id, answer).values())
    return exercises.grade(exercise.id, answer)


def mistakes(exercise):
    return exercise.mistakes() if exercise.kind == "write" else [(wrong[0], wrong[-1]) for wrong in exercise.wrong]


# --- the bank ---------------------------------------------------------------------------------------------------


def test_each_file_holds_the_exercise_of_its_name():
    assert sorted(BANK) == [*exercises.ids()]
    for id, exercise in BANK.items():
        assert exercise.id == id
        assert re.match(rf"ch{exercise.chapter:02}[a-z]?_", id)
    assert all(OF_KIND.values()), "a kind without an exercise is not tested"


@every
def test_what_an_exercise_must_have(exercise):
    assert len(exercise.objective) > 20
    assert exercise.difficulty in (1, 2, 3)
    assert 1 <= exercise.minutes <= 30
    assert len(exercise.hints) >= 2
    assert len(exercise.solution.split()) > 8
    assert len(exercise.question.split()) > 8


@every
def test_texts_are_plain(exercise):
    """Only the question may hold Markdown and LaTeX; everything else is shown as it is."""

    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple | dict):
            for part in value.values() if isinstance(value, dict) else value:
                yield from texts(part)

    data = exercise.data()
    code = {data.pop(name, "") for name in ("code", "starter")}
    assert None not in code
    for text in texts(data):
        outside = "".join(text.split("`")[::2])
        assert text.count("`") % 2 == 0, text
        assert not re.search(r"\$|\\|\*\*|</|\^|_\{|https?:", outside), text
        assert "  " not in text.strip(), text
    json.dumps(exercise.data(), allow_nan=False)


@every
def test_the_solution_passes(exercise):
    verdict = judged(exercise, exercise.data()["code"] if exercise.kind == "write" else exercise.answer)
    assert verdict.passed, verdict.reply
    assert verdict.reply == exercise.right or exercise.kind == "choose"


@every
def test_each_recorded_mistake_hears_its_own_reply(exercise):
    replies = [reply for _, reply in mistakes(exercise)]
    assert len(replies) >= 3
    assert len(set(replies)) == len(replies)
    for wrong, reply in mistakes(exercise):
        verdict = judged(exercise, wrong)
        assert not verdict.passed, wrong
        assert verdict.reply == reply, wrong
        assert verdict.counted


def test_a_slip_has_one_place_in_the_answer():
    step = BANK["ch02_step"]
    for right, times in (("h @ W", 0), ("params", 4)):
        slipped = dataclasses.replace(step, wrong=[kinds.Slip(right, "", "A reply.")])
        words = f"ch02_step: a Slip's right should stand once in the answer; {right!r} stands {times} times"
        with pytest.raises(ValueError, match=re.escape(words)):
            slipped.mistakes()


@pytest.mark.parametrize("exercise", OF_KIND["tune"], ids=lambda e: e.id)
def test_a_picture_is_not_yet_solved_at_the_start_and_other_settings_are_refused(exercise):
    assert not exercises.grade(exercise.id, {}).passed
    fixed = {n for n, value in exercise.start.items() if n not in exercise.controls and isinstance(value, int)}
    name = "x" if "x" in exercise.start else min(fixed)
    moved = exercise.answer | {name: [1.0, 1.0] if name == "x" else exercise.start[name] + 1}
    assert f"Put `{name}` back" in exercises.grade(exercise.id, moved).reply


@every_written
def test_the_cases_tell_axes_apart_and_visit_the_edges(exercise):
    cases = exercise.cases(np.random.default_rng(0))
    assert len({case.name for case in cases}) == len(cases)
    assert not cases[0].edge
    assert sum(case.edge for case in cases) >= 3
    for case in cases[:2]:
        for array in (a for a in case.arguments if isinstance(a, np.ndarray) and a.ndim > 1):
            assert len(set(array.shape)) == array.ndim, "sizes that differ"


@every_written
def test_the_starter_runs_and_says_that_it_is_unfinished(exercise):
    verdict = exercises.check_in_process(exercise.id, exercise.starter)
    assert not verdict["passed"]
    assert "the `...` of the starter came" in verdict["reply"]
    for part in ("import numpy as np\n\n\n", *map(inspect.getsource, exercise.given), exercise.head):
        assert exercise.starter.count(part) == 1, part


@pytest.mark.parametrize("exercise", [e for e in OF_KIND["write"] if e.loss], ids=lambda e: e.id)
def test_a_gradient_asked_for_is_that_of_the_loss(exercise):
    for case in exercise.cases(np.random.default_rng(1)):
        first, *rest = case.arguments
        if np.abs(first).max() > 100:
            continue  # the loss is flat to the last digit there
        grads = {"first": exercise.answer(first, *rest)}
        gradcheck.check(lambda a=first, r=rest: exercise.loss(a, *r), {"first": first}, grads, rtol=1e-5)


def test_there_is_a_gradient_to_write():
    assert any(exercise.loss for exercise in OF_KIND["write"])


def test_the_gradient_of_a_shared_matrix_is_that_of_the_package():
    """And the mistakes of `ch03_tied_gradient` are none."""
    rng, cell = np.random.default_rng(1), RNN()
    params, xs, d_ys = cell.init(rng, 2, 5), rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 3, 5))
    ys, states = unroll(cell, params, xs)
    d_params, _, d_states = bptt(cell, params, xs, states, d_ys)
    d_as = np.stack([(d_ys[t] + d_states[t + 1].h) * (1 - ys[t] ** 2) for t in range(4)])
    hs = np.stack([state.h for state in states])
    np.testing.assert_allclose(BANK["ch03_tied_gradient"].answer(hs, d_as), d_params["W_hh"], atol=1e-12)
    for code, _ in BANK["ch03_tied_gradient"].mistakes():
        wrong, _ = written.load(BANK["ch03_tied_gradient"], code)
        assert np.shape(wrong(hs, d_as)) != (5, 5) or np.abs(wrong(hs, d_as) - d_params["W_hh"]).max() > 1e-3


def test_pieces_are_read_as_the_package_reads_the_whole():
    for case in BANK["ch03_read_on"].cases(np.random.default_rng(1)):
        params, pieces = case.arguments
        ys, _ = unroll(RNN(), params, np.concatenate(pieces))
        np.testing.assert_allclose(BANK["ch03_read_on"].answer(params, pieces), ys, atol=1e-6)


def test_the_while_loop_unrolls_as_the_package_does():
    for case in BANK["ch08_while_body"].cases(np.random.default_rng(1)):
        params, xs, h = case.arguments
        ys, _ = unroll(RNN(), params, xs, RNN.State(h))
        np.testing.assert_allclose(BANK["ch08_while_body"].answer(params, xs, h), ys, atol=1e-6)


def test_the_lstm_step_is_that_of_the_package():
    for case in BANK["ch12_step"].cases(np.random.default_rng(1)):
        params, x, h, c = case.arguments
        _, after = LSTM().step(params, x, LSTM.State(h, c))
        np.testing.assert_allclose(BANK["ch12_step"].answer(params, x, h, c), after, atol=1e-6)


def test_the_lstm_step_read_backwards_is_the_gradient():
    """Of a loss that asks for h and for C, by finite differences: with respect to the sums, and to C before."""
    for case in BANK["ch12_step_grad"].cases(np.random.default_rng(1)):
        c_before, gates, _, d_h, d_c = case.arguments
        i, f, g, o = gates
        if c_before.dtype != np.float64 or np.abs(c_before).max() > 100 or set(np.unique(o)) <= {0, 1}:
            continue  # too coarse or too flat for differences, or no sum gives such a gate
        blocks = [np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))]
        arguments = {"a": np.concatenate(blocks, axis=1), "c": c_before}

        def loss(a, c, d_h=d_h, d_c=d_c):
            i, f, g, o = np.split(a, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            return (d_h * sigmoid(o) * np.tanh(c)).sum() + (d_c * c).sum()

        d_a, d_c_before = BANK["ch12_step_grad"].answer(*case.arguments)
        gradcheck.check(lambda loss=loss, a=arguments: loss(**a), arguments, {"a": d_a, "c": d_c_before}, rtol=1e-5)


def test_the_walk_back_is_that_of_the_package_and_of_finite_differences():
    for case in BANK["ch05_d_W_hh"].cases(np.random.default_rng(1)):
        params, xs, h_0, d_costs = case.arguments
        found = BANK["ch05_d_W_hh"].answer(*case.arguments)
        _, states = unroll(RNN(), params, xs, RNN.State(h_0))
        d_params, _, _ = bptt(RNN(), params, xs, states, d_costs)
        np.testing.assert_allclose(found, d_params["W_hh"], atol=1e-12)
        if np.abs(xs).max() > 100:
            continue  # the costs are flat to the last digit there

        def cost(params=params, xs=xs, h_0=h_0, d_costs=d_costs):
            return (d_costs * unroll(RNN(), params, xs, RNN.State(h_0))[0]).sum()

        gradcheck.check(cost, {"W_hh": params["W_hh"]}, {"W_hh": found}, rtol=1e-5)


def test_the_whole_derivative_of_a_cell_state_is_the_slope():
    """`ch12_not_only_f`, by a finite difference through both steps."""

    def after(c, shift):
        h = 0.8 * np.tanh(c + shift) - 0.8 * np.tanh(c)  # how far h is from where the gates have their values
        f, i = (sigmoid(np.log(p / (1 - p)) + w * h) for p, w in ((0.9, 3), (0.4, 2)))
        return f * (c + shift) + i * np.tanh(np.arctanh(0.5) + 1.5 * h)

    slope = (after(0.5, 1e-5) - after(0.5, -1e-5)) / 2e-5
    assert BANK["ch12_not_only_f"].answer == pytest.approx(slope, abs=1e-8)


def test_the_numbers_of_the_time_series_are_those_of_the_code():
    rng = np.random.default_rng(1)
    params = RNN("relu").init(rng, 1, 100) | readout.init(rng, 100, 1)
    assert BANK["ch10_output_projection"].answer == sum(p.size for p in params.values())
    xs, _ = sliding_windows(np.zeros((365, 1)), 14, 7)
    assert BANK["ch10_how_many_windows"].answer == xs.shape[1]
    printed = re.search(r"\[(i \* .*) for i in", BANK["ch10_parentheses"].question)[1]
    settings = {"t_min": 6, "t_max": 30, "resolution": 0.1, "i": 0}
    assert eval(printed, settings) == BANK["ch10_parentheses"].answer
    assert eval(printed, settings | {"t_min": 0}) == 30, "as the errata say of the slide's own numbers"
    errors = rng.normal(size=(50, 20, 1))
    errors *= np.sqrt(45.2 / (errors**2).sum())
    assert BANK["ch10_sum_or_mean"].answer == pytest.approx((errors**2).mean(), rel=1e-12)


def test_windows_and_their_targets_are_those_of_the_package():
    for case in BANK["ch10_targets"].cases(np.random.default_rng(1)):
        values, steps = case.arguments
        xs, targets = BANK["ch10_targets"].answer(values, steps)
        theirs, after = sliding_windows(values[:, None], steps)
        np.testing.assert_array_equal(xs, theirs)
        np.testing.assert_array_equal(targets, np.concatenate([theirs[1:], after]))


def test_the_closed_loop_is_that_of_the_package():
    for case in BANK["ch10_closed_loop"].cases(np.random.default_rng(1)):
        closed = forecaster.closed_loop(*case.arguments)
        for ours, theirs in zip(BANK["ch10_closed_loop"].answer(*case.arguments), ("W_hh", "b"), strict=True):
            np.testing.assert_allclose(ours, closed[theirs], atol=1e-12)


def test_a_lagged_copy_has_no_skill():
    walk = np.random.default_rng(1).normal(size=200).cumsum()
    skill, copied = BANK["ch10_lagged_copy"].answer, np.concatenate([walk[:1], walk[:-1]])
    assert skill(copied, walk) == 0
    assert skill(walk, walk) == 1
    assert np.corrcoef(copied, walk)[0, 1] > 0.98, "though its curve lies over the other one"


def test_walking_forward_learns_nothing_from_a_day_to_come():
    """Every row is tested once, and with one row more in the training a target would not be known yet."""
    for case in BANK["ch10_walk_forward"].cases(np.random.default_rng(1)):
        N, first, step, horizon = case.arguments
        folds = BANK["ch10_walk_forward"].answer(*case.arguments)
        assert [stop for stop, _, _ in folds] == [first + k * step for k in range(len(folds))]
        assert [t for _, begin, end in folds for t in range(begin, end)] == [*range(first + horizon - 1, N)]
        assert all(stop - 1 + horizon == begin < end for stop, begin, end in folds)


def test_the_leaks_are_where_the_exercise_says():
    """Two series that differ after day 299 alone: which lines of the listing tell them apart before?"""
    listing = re.search(r"```text\n(.*?)```", BANK["ch10_find_the_leak"].question, re.DOTALL)[1]
    lines = dict(re.findall(r"^ ?(\d+)  (.*)$", listing, re.MULTILINE))
    past, future = np.random.default_rng(1).normal(size=(2, 400))
    changed = np.concatenate([past[:300], 5 + future[300:]])

    def known(number, name):
        results = []
        for load in (past, changed):
            space = {"np": np, "load": load, "read": lambda _, load=load: load, "fill_forward": np.copy}
            exec(lines[number], space)
            results.append(space[name][:300])
        return np.array_equal(*results)

    assert known("1", "load")
    assert not known("2", "load")
    assert not known("3", "smooth")
    space = {"np": np, "smooth": np.arange(400.0), "load": np.arange(400.0)}
    space["windows"] = lambda xs, ys, steps: (sliding_windows(xs[:, None], steps)[0], ys[steps:])
    exec("\n".join(lines[number] for number in "456"), space)
    xs, targets, train, test = (space[name] for name in ("xs", "targets", "train", "test"))
    assert targets[train].max() == xs[-1, test[0], 0] == targets[test].min() - 1, "line 6: all of it is past by then"
    assert BANK["ch10_find_the_leak"].choices["abcdefgh".index(BANK["ch10_find_the_leak"].answer)][0] == "2, 3 and 11"


def test_an_unknown_id_is_told_what_is_near():
    with pytest.raises(KeyError, match=r"id: there is no exercise 'ch02_stp'\. Similar: ch02_step"):
        exercises.show("ch02_stp")
    with pytest.raises(KeyError, match=f"All: {min(BANK)}, "):
        exercises.get(None)
    with pytest.raises(ValueError, match="is of the kind 'choose'"):
        exercises.check("ch02_fell", "")


def test_importing_needs_numpy_alone():
    code = (
        "import sys\nfor name in ('anywidget', 'ipywidgets', 'IPython', 'traitlets', 'matplotlib', 'filelock'):\n"
        "    sys.modules[name] = None\n"
        "from unrolled import exercises\nassert exercises.grade('ch02_fell', 'b').passed\n"
        "assert len(exercises.bank()) >= 10\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("file", sorted(HERE.glob("*.js")), ids=lambda file: file.name)
def test_modules_are_small(file):
    assert file.stat().st_size < 15_000


# --- numbers that readers type -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.41", 0.41), ("0,41", 0.41), (" .5 ", 0.5), ("-1/3", -1 / 3), ("−0,25", -0.25),
        ("1e-3", 1e-3), ("1E3", 1000),
        ("ln 10", math.log(10)), ("ln(10)", math.log(10)), ("-ln(0.1)", -math.log(0.1)), ("24 310", 24310),
        ("24\u202f310", 24310), ("+ 2", 2), ("1 / 4", 0.25), ("5.", 5), ("0,412", 0.412), ("24310.", 24310),
    ],
)  # fmt: skip
def test_numbers_are_understood(typed, value):
    assert answers.read_number(typed) == (pytest.approx(value, abs=1e-15), "")


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("", "Type a number first."), ("   ", "Type a number first."),
        ("24,310", "leave it out, or write a decimal point"),
        ("abc", "expected a number such as 0.41"), ("1..2", "not a number"), ("1/0", "not a finite number"),
        ("1e999", "not a finite number"), ("ln(0)", "not a finite number"), ("ln(-1)", "not a number"),
        ("nan", "not a number"), ("inf", "not a number"), ("0x10", "not a number"), ("1_000", "not a number"),
        ("١٢", "not a number"), ("1\n2", "not a number"), ("__import__('os')", "not a number"),
        ("9" * 5000, "not a number"),
        ("1/3/3", "not a number"), ("2^3", "not a number"), ("²", "not a number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_no_attempt(typed, reply):
    verdict = exercises.grade("ch09_first_loss", typed)
    assert reply in verdict.reply
    assert not verdict.passed
    assert not verdict.counted


@pytest.mark.parametrize("exercise", OF_KIND["compute"], ids=lambda e: e.id)
def test_the_tolerance_is_kept(exercise):
    """Never stricter than what the reader was told, and at most a fifth more generous."""
    answer, tolerance = exercise.answer, exercise.tolerance
    rng = random.Random(1)
    for _ in range(200):
        assert exercises.grade(exercise.id, answer + rng.uniform(-1, 1) * tolerance).passed
        far = rng.choice([-1, 1]) * (tolerance * 1.2001 + 1e-5 + 10 ** rng.uniform(-4, 6))
        assert not exercises.grade(exercise.id, answer + far).passed
    assert exercises.grade(exercise.id, answer - tolerance).passed
    assert exercises.grade(exercise.id, answer + tolerance).passed


# --- the same judges in JavaScript -------------------------------------------------------------------------------


def in_node(tmp_path, script, payload):
    """What a script prints as JSON, run by Node beside copies of our modules."""
    for file in HERE.glob("*.js"):
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ask.js").write_text(script)
    (tmp_path / "payload.json").write_text(json.dumps(payload))
    answer = subprocess.run(["node", "ask.js"], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


JUDGE = """
import { readFileSync } from "node:fs";
import { judge } from "./answers.js";
const { data, questions } = JSON.parse(readFileSync("payload.json", "utf-8"));
console.log(JSON.stringify(questions.map(([id, answer]) => judge(data[id], answer))));
"""


def typed_numbers(rng, exercise):
    """Numbers near the right answer, near the mistakes, at the edges, and what is hardly a number."""
    targets = [exercise.answer, *(value for value, _ in exercise.wrong)]
    step, reach = answers.grid(exercise.tolerance)
    while True:
        value = rng.choice(targets) + rng.choice([0, 1, -1, reach, -reach, rng.uniform(-8, 8)]) * step
        text = rng.choice(
            [repr(value), f"{value:.3f}", f"{value:.3e}", f"{value:,.2f}", str(Fraction(value).limit_denominator(99))]
        )
        text = text.replace(".", ",") if rng.random() < 0.3 else text
        if rng.random() < 0.3:
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(" \u00a0\u202f,./-−+e(ln)x²٣\t") + text[place + rng.randrange(2) :]
        yield text


def test_javascript_judges_as_python_does(tmp_path):
    rng = random.Random(0)
    questions = []
    for exercise in OF_KIND["compute"]:
        questions += [(exercise.id, text) for text in itertools.islice(typed_numbers(rng, exercise), 1500)]
    for exercise in OF_KIND["choose"]:
        questions += [(exercise.id, answer) for answer in [*"abcdefgh", "", "ab", "é", "A"]]
    for exercise in OF_KIND["tune"]:
        bounds = {name: (low, high) for name, low, high, _ in exercise.goals}
        bounds |= {name: (low, high) for _, when, _ in exercise.wrong for name, low, high in when}
        for _ in range(1500):
            measures = {}
            for name, (low, high) in bounds.items():
                near = [value for value in (low, high, 0.0, 1.0) if value is not None]
                measures[name] = rng.choice([*near, rng.uniform(-2, 2), rng.choice(near) + rng.uniform(-0.01, 0.01)])
            if rng.random() < 0.1:
                measures[rng.choice(list(measures))] = rng.choice([None, "1", True])
            settings = {name: exercise.start[name] for name in exercise.data()["fixed"]}
            if rng.random() < 0.1:
                settings["activation"] = rng.choice(["relu", "tanh"])
            questions.append((exercise.id, {"settings": settings, "measures": measures}))
    data = {id: exercise.data() for id, exercise in BANK.items()}
    theirs = in_node(tmp_path, JUDGE, {"data": data, "questions": questions})
    assert len(questions) > 5000
    passed = 0
    for (id, answer), verdict in zip(questions, theirs, strict=True):
        assert list(answers.judge(data[id], answer)) == verdict, (id, answer)
        passed += verdict[0]
    assert 500 < passed < len(questions) - 500, "both verdicts are tried"
