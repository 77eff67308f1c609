"""Is the reshape quicker than the projection inside the loop? Chapter 10's two TensorFlow 1 programs, side by side.

    python benchmarks/projection.py        half a minute

Batches of 50 pieces of 20 values, 100 ReLU units, float32; TensorFlow with one thread, and with as many as it takes, in
a process each, because the first session of a process makes the threads of all. In each of five rounds the two programs
take turns 60 times; a round's ratio is that of the two quickest runs. The result is
code/unrolled/results/projection.json.
"""

import multiprocessing
import time

import numpy as np
import tensorflow as tf

from provenance import SHIPPED, provenance, write
from unrolled.tensorflow1 import BasicRNNCell, OutputProjectionWrapper

tf1 = tf.compat.v1
B, T, H, ROUNDS, TURNS = 50, 20, 100, 5, 60


def projection(X, V):
    cell = OutputProjectionWrapper(BasicRNNCell(H, activation=tf.nn.relu), V)
    return tf1.nn.dynamic_rnn(cell, X, dtype=tf.float32)[0]


def reshape(X, V):
    hidden, _ = tf1.nn.dynamic_rnn(BasicRNNCell(H, activation=tf.nn.relu), X, dtype=tf.float32)
    W, b = tf1.get_variable("dense/kernel", [H, V]), tf1.get_variable("dense/bias", [V])
    return tf.reshape(tf.matmul(tf.reshape(hidden, [-1, H]), W) + b, [-1, T, V])


def session(program, V, threads):
    with tf.Graph().as_default():
        X = tf1.placeholder(tf.float32, [None, T, 1])
        outputs = program(X, V)
        one = tf1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
        running = tf1.Session(config=one if threads == "one" else None)
        running.run(tf1.global_variables_initializer())
    return lambda batch: running.run(outputs, {X: batch})


def ratios(V, threads):
    """How long the projection takes for V answers a step, with the reshape as 1: one ratio for each round."""
    programs = [session(projection, V, threads), session(reshape, V, threads)]
    batch, found = np.random.default_rng(0).normal(size=(B, T, 1)).astype(np.float32), []
    for _ in range(ROUNDS):
        took = [[], []]
        for _ in range(TURNS):
            for program, times in zip(programs, took, strict=True):
                began = time.perf_counter()
                program(batch)
                times.append(time.perf_counter() - began)
        found.append(float(f"{min(took[0]) / min(took[1]):.3g}"))
    return found


def measure(threads):
    tf1.disable_control_flow_v2()
    return {V: ratios(V, threads) for V in (1, 1000)}


if __name__ == "__main__":
    made, found = provenance("tensorflow-cpu"), {}
    for threads in ("one", "its own"):
        with multiprocessing.get_context("spawn").Pool(1) as process:
            found[threads] = process.apply(measure, (threads,))
    write("projection", {"provenance": made, "ratios": found}, SHIPPED)
