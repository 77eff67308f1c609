"""What is a recurrent network good for? Sentiment of phrases, and one small task for each other shape; five seeds.

    python benchmarks/phrases.py            everything, about 8 minutes on one busy core
    python benchmarks/phrases.py adding     one of: sentiment, spelling, adding, backwards, sorting

Sentiment: a bag of words with logistic regression, a plain cell and an LSTM of 32 units, 20 epochs of Adam 0.01 over
the 1,200 training phrases of data/phrases.tsv, batches of 50, gradient cut at 1. No setting was chosen on the test
phrases. Spelling: 80 numbers below 100 trained, 20 held out. Adding: 8 binary digits trained; backwards: strings of 1
to 4 letters trained; both tested on longer ones. Sorting: strings of 1 to 5 letters, 250 answers held out, by an
encoder and a decoder (plain cells; LSTMs; plain cells trained on their own letters) and by one cell, all of about 5,900
numbers; 1,000 batches of 32, learning rate 0.01, then 0.002. Written: code/unrolled/results/phrases.json.
"""

import argparse
import json
from itertools import combinations_with_replacement

import numpy as np

from provenance import SHIPPED, provenance, write
from unrolled import LSTM, RNN, data, readout, words
from unrolled.networks.encoder_decoder import EncoderDecoder, one_late
from unrolled.networks.labeller import SequenceLabeller, last_step
from unrolled.optim import Adam
from unrolled.tasks import seq2seq

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
        task, unseen = seq2seq.spelling(trained), seq2seq.spelling(held_out)
        net = learner(RNN(), rng, 20, 48, len(seq2seq.LETTERS))
        for _ in range(600):
            net.update(*task)
        said = ["".join(seq2seq.LETTERS[k] for k in row) for row in net.logits(unseen.xs).argmax(axis=2).T]
        pairs = [[seq2seq.number_word(n), spelled.split(".")[0]] for n, spelled in zip(held_out, said, strict=True)]
        runs.append({
            "seed": seed,
            "trained": seq2seq.all_right(net.logits(task.xs), task),
            "held_out": seq2seq.all_right(net.logits(unseen.xs), unseen),
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
            net.update(*seq2seq.sums(rng, 8, 32))
        tests = {n: seq2seq.sums(np.random.default_rng(1000), n, 500) for n in (8, 16, 32, 64, 128)}
        runs.append({"seed": seed, "right": {n: seq2seq.all_right(net.logits(t.xs), t) for n, t in tests.items()}})
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
                net.update(*seq2seq.backwards(rng, int(rng.integers(1, 5)), 32, 4))
            tests = {n: seq2seq.backwards(np.random.default_rng(1000), n, 500, 4) for n in range(1, 9)}
            right = {n: seq2seq.all_right(net.logits(t.xs), t) for n, t in tests.items()}
            runs.append({"model": model, "seed": seed, "right": right})
            print(runs[-1], flush=True)
    return {"runs": runs}


def as_one(batch):
    """A batch of `seq2seq.sorting` for a single cell: the string, then one sign "now you" for each symbol to write."""
    xs, lengths, symbols, counts = batch
    T, B, D = 2 * len(xs) + 1, *xs.shape[1:]
    xs, labels, due = np.zeros((T, B, D + 1)), np.zeros((T, B), int), np.zeros((T, B), bool)
    for b, L in enumerate(lengths):
        xs[:L, b, :D], xs[L:, b, D] = batch.xs[:L, b], 1
        labels[L : 2 * L + 1, b], due[L : 2 * L + 1, b] = symbols[: L + 1, b], counts[: L + 1, b]
    return xs, labels, due, 2 * lengths + 1


def sorting_models(rng):
    """For each model an update and a judge: True for each string of a batch that was written without an error."""
    V = len(seq2seq.SORTED)

    def two(cell, H):
        return EncoderDecoder(cell, cell.init(rng, V - 1, H), cell.init(rng, V, H) | readout.init(rng, H, V))

    def written(net, batch):
        return net.write(net.read(batch.xs, batch.lengths), len(batch.symbols))

    def on_its_own(net, batch):
        return net.update(*batch, heard=one_late(written(net, batch), V))

    def without_error(net, batch):
        return ((written(net, batch) == batch.symbols) | ~batch.counts).all(axis=0)

    def without_error_by_one(net, batch):
        xs, labels, due, lengths = as_one(batch)
        return ((net.logits(xs, lengths).argmax(axis=2) == labels) | ~due).all(axis=0)

    return {
        "two": lambda: (two(RNN(), 48), lambda net, batch: net.update(*batch), without_error),
        "own": lambda: (two(RNN(), 48), on_its_own, without_error),
        "one": lambda: (learner(RNN(), rng, V, 68, V), lambda net, b: net.update(*as_one(b)), without_error_by_one),
        "lstm": lambda: (two(LSTM(), 22), lambda net, batch: net.update(*batch), without_error),
    }


def sorting():
    """The share of strings sorted without an error, by two cells and by one; answers of the test never trained."""
    answers = ["".join(a) for n in range(1, 6) for a in combinations_with_replacement(seq2seq.SORTED[:-1], n)]
    runs = []
    for model in ("two", "own", "one", "lstm"):
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            held_out = {*rng.choice(answers, 250, replace=False)}
            seen = {*answers} - held_out
            net, update, judge = sorting_models(rng)[model]()
            tests = {}
            for n in range(3, 9):
                unseen = [held_out.__contains__] if n <= 5 else []  # no longer string is trained
                tests[n] = seq2seq.sorting(seq2seq.scrambled(np.random.default_rng(1000), 500, n, n, *unseen))
            run = {"model": model, "seed": seed, "numbers": sum(p.size for p in net.optimizer.params.values())}
            for batches in range(1000):
                if batches == 200:
                    run["after 200"] = float(judge(net, tests[4]).mean())
                net.optimizer.learning_rate = 0.01 if batches < 700 else 0.002
                update(net, seq2seq.sorting(seq2seq.scrambled(rng, 32, 1, 5, seen.__contains__)))
            run["right"] = {n: float(judge(net, test).mean()) for n, test in tests.items()}
            runs.append(run)
            print(run, flush=True)
    return {"runs": runs}


QUESTIONS = {
    "sentiment": sentiment, "spelling": spelling, "adding": adding, "backwards": backwards, "sorting": sorting,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", choices=[*QUESTIONS, []], default=list(QUESTIONS), metavar="question")
    for name in parser.parse_args().questions:
        done = QUESTIONS[name]() | {"provenance": provenance("numpy")}
        path = SHIPPED / "phrases.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        found = kept | {name: done}
        write("phrases", {each: found[each] for each in QUESTIONS if each in found}, SHIPPED)


if __name__ == "__main__":
    main()
