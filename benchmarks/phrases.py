"""What is a recurrent network good for? Sentiment of phrases, and one small task for each other shape; five seeds.

    python benchmarks/phrases.py            everything, about 8 minutes on one busy core
    python benchmarks/phrases.py adding     one of: sentiment, spelling, adding, backwards

Sentiment: a bag of words with logistic regression, a plain cell and an LSTM of 32 units, 20 epochs of Adam 0.01 over
the 1,200 training phrases of data/phrases.tsv, batches of 50, gradient cut at 1. No setting was chosen on the test
phrases. Spelling: 80 numbers below 100 trained, 20 held out. Adding: 8 binary digits trained; backwards: strings of 1
to 4 letters trained; both tested on longer ones. Written: code/unrolled/results/phrases.json.
"""

import argparse
import json

import numpy as np

from provenance import RESULTS, provenance, write
from unrolled import LSTM, RNN, data, readout, shapes, words
from unrolled.labeller import SequenceLabeller, last_step
from unrolled.optim import Adam

SEEDS = range(5)
CELLS = {"rnn": RNN(), "lstm": LSTM()}


def learner(cell, rng, D, H, V):
    return SequenceLabeller(cell, cell.init(rng, D, H) | readout.init(rng, H, V), learning_rate=0.01)


def encoded(phrases, vocabulary):
    xs, lengths = words.pad([words.one_hot(p.text, vocabulary) for p in phrases])
    return xs, np.array([p.label for p in phrases]), lengths


def bag_of_words(rng, splits):
    """Logistic regression on the counts of the words; returns a function from a split to its answers."""
    vocabulary = words.vocabulary(p.text for p in splits["train"])
    bags = {name: encoded(part, vocabulary)[0].sum(axis=0) for name, part in splits.items()}  # (N, D)
    labels = np.array([p.label for p in splits["train"]])
    params = readout.init(rng, len(vocabulary), 2)
    optimizer = Adam(params, 0.05)
    for _ in range(500):
        _, d_logits = readout.cross_entropy(readout.linear(params, bags["train"]), labels)
        optimizer.step(readout.linear_grad(params, bags["train"], d_logits)[0])
    return lambda name: readout.linear(params, bags[name]).argmax(axis=1)


def recurrent(cell, rng, splits):
    vocabulary = words.vocabulary(p.text for p in splits["train"])
    net = learner(cell, rng, len(vocabulary), 32, 2)
    xs, labels, lengths = encoded(splits["train"], vocabulary)
    for _ in range(20):
        for chosen in np.split(rng.permutation(len(labels)), len(labels) // 50):
            T = lengths[chosen].max()
            each = np.tile(labels[chosen], (T, 1))
            net.update(xs[:T, chosen], each, last_step(T, lengths[chosen]), lengths[chosen])

    def answers(name):
        xs, _, lengths = encoded(splits[name], vocabulary)
        return net.logits(xs, lengths)[lengths - 1, np.arange(len(lengths))].argmax(axis=1)

    return answers


def sentiment():
    """The share of right answers of each split and each kind of phrase, for every model and seed."""
    splits, runs = data.phrases(), []
    for model in ("bag", *CELLS):
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            answers = bag_of_words(rng, splits) if model == "bag" else recurrent(CELLS[model], rng, splits)
            run = {"model": model, "seed": seed, "right": {}, "kinds": {}}
            for name, part in splits.items():
                right = answers(name) == [p.label for p in part]
                run["right"][name] = float(right.mean())
                kinds = np.array([p.kind for p in part])
                run["kinds"][name] = {kind: float(right[kinds == kind].mean()) for kind in sorted({*kinds})}
            runs.append(run)
            print(model, seed, run["right"], flush=True)
    return {"runs": runs}


def spelling():
    """The share of numbers spelled right, of those trained and of 20 that were held out, all above 20."""
    runs = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        held_out = np.sort(rng.permutation(np.setdiff1d(np.arange(21, 100), np.arange(20, 100, 10)))[:20])
        trained = np.setdiff1d(np.arange(100), held_out)
        net, task, unseen = learner(RNN(), rng, 20, 48, len(shapes.LETTERS)), *map(shapes.spelling, (trained, held_out))
        for _ in range(600):
            net.update(*task)
        said = ["".join(shapes.LETTERS[k] for k in row) for row in net.logits(unseen.xs).argmax(axis=2).T]
        pairs = [[shapes.number_word(n), spelled.split(".")[0]] for n, spelled in zip(held_out, said, strict=True)]
        runs.append({
            "seed": seed,
            "trained": shapes.all_right(net.logits(task.xs), task),
            "held_out": shapes.all_right(net.logits(unseen.xs), unseen),
            "wrong": [[word, spelled] for word, spelled in pairs if word != spelled],
        })  # fmt: skip
        print(runs[-1], flush=True)
    return {"runs": runs}


def adding():
    """The share of sums with every digit right, 500 pairs of numbers of each length."""
    runs = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        net = learner(RNN(), rng, 2, 16, 2)
        for _ in range(1000):
            net.update(*shapes.sums(rng, 8, 32))
        tests = {n: shapes.sums(np.random.default_rng(1000), n, 500) for n in (8, 16, 32, 64, 128)}
        runs.append({"seed": seed, "right": {n: shapes.all_right(net.logits(t.xs), t) for n, t in tests.items()}})
        print(runs[-1], flush=True)
    return {"runs": runs}


def backwards():
    """The share of strings said backwards without an error, 500 of each length."""
    runs = []
    for model, cell in CELLS.items():
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            net = learner(cell, rng, 5, 32, 4)
            for _ in range(1500):
                net.update(*shapes.backwards(rng, int(rng.integers(1, 5)), 32, 4))
            tests = {n: shapes.backwards(np.random.default_rng(1000), n, 500, 4) for n in range(1, 9)}
            right = {n: shapes.all_right(net.logits(t.xs), t) for n, t in tests.items()}
            runs.append({"model": model, "seed": seed, "right": right})
            print(runs[-1], flush=True)
    return {"runs": runs}


QUESTIONS = {"sentiment": sentiment, "spelling": spelling, "adding": adding, "backwards": backwards}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", choices=[*QUESTIONS, []], default=list(QUESTIONS), metavar="question")
    for name in parser.parse_args().questions:
        done = QUESTIONS[name]() | {"provenance": provenance("numpy")}
        path = RESULTS / "phrases.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        write("phrases", {each: (kept | {name: done}).get(each) for each in QUESTIONS if each in kept or each == name})


if __name__ == "__main__":
    main()
