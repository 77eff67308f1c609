"""The results of benchmarks/phrases.py: complete, and what the chapter says about them."""

import numpy as np

from unrolled import data, results

RESULT = results.load("phrases")
SEEDS = [0, 1, 2, 3, 4]


def shares(model, split):
    return np.array([run["right"][split] for run in RESULT["sentiment"]["runs"] if run["model"] == model])


def test_every_model_has_five_seeds_and_says_how_it_was_made():
    for name in ("sentiment", "spelling", "adding", "backwards"):
        runs = RESULT[name]["runs"]
        for model in {run.get("model") for run in runs}:
            assert [run["seed"] for run in runs if run.get("model") == model] == SEEDS
        assert {"command", "date", "commit", "machine", "versions"} <= RESULT[name]["provenance"].keys()
    assert {run["model"] for run in RESULT["sentiment"]["runs"]} == {"bag", "rnn", "lstm"}


def test_a_bag_of_words_gets_exactly_half_of_the_order_pairs():
    sizes = {kind: sum(p.kind == kind for p in data.phrases()["test"]) for kind in ("but", "not-but")}
    assert sizes == {"but": 60, "not-but": 60}
    for run in RESULT["sentiment"]["runs"]:
        pairs = [run["kinds"]["test"][kind] for kind in sizes]
        assert pairs == [0.5, 0.5] if run["model"] == "bag" else min(pairs) > 0.95


def test_what_the_chapter_says_about_the_phrases():
    assert shares("rnn", "test").min() > 0.98 and shares("lstm", "test").min() > 0.98
    assert shares("lstm", "longer").mean() > shares("rnn", "longer").mean() > 0.7
    for model in ("bag", "rnn", "lstm"):
        assert 0.3 < shares(model, "wild").mean() < 0.65


def test_what_the_chapter_says_about_the_other_shapes():
    assert all(run["right"][n] == 1 for run in RESULT["adding"]["runs"] for n in ("8", "32", "128"))
    for run in RESULT["spelling"]["runs"]:
        assert run["trained"] == 1 and run["held_out"] <= 0.2
    for run in RESULT["backwards"]["runs"]:
        assert all(run["right"][n] > 0.97 for n in "1234") and run["right"]["8"] < 0.1
