"""Unrolling a tanh layer of T steps, ahead of time or while it runs: what does it cost to make, to run, to hold?

D 28, H 100, B 32, float32, one thread. Each way and each T has a process of its own, three rounds of them in turns;
of each quantity the smallest of the three is kept. `make`: seconds until the first result: graph or trace, compiler
(with an empty cache), first run. `run`: milliseconds of one forward and backward pass, the median of twenty. `memory`:
megabytes that the process grew by from the imports on, at its largest.

python benchmarks/unrolling.py                    about twenty minutes; writes code/unrolled/results/unrolling.json
python benchmarks/unrolling.py --only compiled    measures the ways with this word in their name anew
python benchmarks/unrolling.py --one "Keras, unroll=True" 50    one way, one length; writes nothing
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

D, H, B = 28, 100, 32
STEPS = [2, 20, 100, 400]
ROUNDS = 3


def tensorflow_1(unroll):
    """TensorFlow 1's two functions: a graph is built, and a session runs it."""
    from unrolled.tensorflow1 import BasicRNNCell, tf, tf1

    tf1.disable_control_flow_v2()

    def make(T, xs):
        with tf.Graph().as_default() as graph:
            X = tf1.placeholder(tf.float32, [T, None, D])
            outputs, _ = unroll(tf, tf1, BasicRNNCell(H), X)
            loss = tf.reduce_sum(tf.square(outputs))
            gradients = tf1.gradients(loss, tf1.global_variables())
            init = tf1.global_variables_initializer()
        session = tf1.Session(graph=graph)
        session.run(init)
        return lambda: session.run(gradients, {X: xs})

    return make


def static_rnn():
    return tensorflow_1(lambda tf, tf1, cell, X: tf1.nn.static_rnn(cell, tf.unstack(X), dtype=tf.float32))


def dynamic_rnn():
    return tensorflow_1(lambda _, tf1, cell, X: tf1.nn.dynamic_rnn(cell, X, dtype="float32", time_major=True))


def keras_layer(unroll):
    import keras
    import tensorflow as tf

    def make(T, xs):
        layer = keras.layers.SimpleRNN(H, unroll=unroll, return_sequences=True)
        layer.build((None, T, D))

        @tf.function
        def gradients(xs):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.square(layer(xs)))
            return tape.gradient(loss, layer.trainable_variables)

        rows = tf.constant(xs.transpose(1, 0, 2))
        return lambda: gradients(rows)

    return make


def torch_layer(layer, compiled=False):
    import torch

    torch.set_num_threads(1)

    class Loop(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = torch.nn.RNNCell(D, H)

        def forward(self, xs):
            h, hs = xs.new_zeros(xs.shape[1], H), []
            for x in xs:
                h = self.cell(x, h)
                hs.append(h)
            return torch.stack(hs), h

    def make(T, xs):
        model = torch.nn.RNN(D, H) if layer else Loop()
        run = torch.compile(model) if compiled else model
        rows = torch.from_numpy(xs)

        def gradients():
            model.zero_grad()
            run(rows)[0].square().sum().backward()

        return gradients

    return make


WAYS = {
    "TensorFlow 1, static_rnn": static_rnn,
    "TensorFlow 1, dynamic_rnn": dynamic_rnn,
    "Keras, unroll=True": lambda: keras_layer(True),
    "Keras, unroll=False": lambda: keras_layer(False),
    "PyTorch, a Python loop": lambda: torch_layer(False),
    "PyTorch, the loop compiled": lambda: torch_layer(False, compiled=True),
    "PyTorch, nn.RNN": lambda: torch_layer(True),
}
LONGEST = {"PyTorch, the loop compiled": 100}  # 400 steps compile for minutes


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(way, T):
    import numpy as np

    xs = np.random.default_rng(0).normal(size=(T, B, D)).astype(np.float32)
    maker = WAYS[way]()
    before, began = megabytes(), time.perf_counter()
    run = maker(T, xs)
    run()
    made, times = time.perf_counter() - began, []
    for _ in range(20):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return {"make": made, "run": 1000 * statistics.median(times), "memory": megabytes() - before}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", nargs=2, metavar=("WAY", "T"), help="measure one way at one length; write nothing")
    parser.add_argument("--only", default="", metavar="WORD", help="measure the ways with this word; keep the others")
    asked = parser.parse_args()
    if asked.one:
        way, T = asked.one
        if way not in WAYS or not T.isdecimal() or int(T) < 1:
            parser.error(f"--one: expected one of {', '.join(map(repr, WAYS))} and a number of steps, got {asked.one}")
        with tempfile.TemporaryDirectory() as cache:
            os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
            print(json.dumps(measure(way, int(T))))
        return
    from provenance import SHIPPED, provenance, write

    os.environ |= {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    found = {}
    for number in range(ROUNDS):
        for T in STEPS:
            for way in WAYS:
                if asked.only not in way or LONGEST.get(way, T) < T:
                    continue
                command = [sys.executable, __file__, "--one", way, str(T)]
                said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
                found.setdefault((way, T), []).append(json.loads(said))
                print(number, way, T, said, flush=True)
    rows = [
        {"way": way, "T": T} | {name: round(min(one[name] for one in many), 4) for name in many[0]}
        for (way, T), many in found.items()
    ]
    made = provenance("tensorflow-cpu", "keras", "torch")
    if asked.only:
        before = json.loads((SHIPPED / "unrolling.json").read_text(encoding="utf-8"))
        rows += [row for row in before["rows"] if asked.only not in row["way"]]
        rows.sort(key=lambda row: (row["T"], list(WAYS).index(row["way"])))
        made = before["provenance"] | {"anew": made}
    write("unrolling", {"D": D, "H": H, "B": B, "rows": rows, "provenance": made}, SHIPPED)


if __name__ == "__main__":
    main()
