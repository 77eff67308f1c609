"""TensorFlow 1's cells on the arrays of a file; a program of its own, see oracles.tensorflow_1."""

import pickle
import sys
from pathlib import Path

import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_control_flow_v2()  # the while loop of TensorFlow 1 keeps what its gradient needs


def run(job):
    """Outputs, last state and all gradients of a cell under dynamic_rnn, time major."""
    H = job["d_ys"].shape[-1]
    with tf.Graph().as_default(), tf1.Session() as session:
        nn = tf1.nn.rnn_cell
        xs, state = tf.constant(job["xs"]), [tf.constant(s) for s in job["state"]]
        if job["cell"] == "RNN":
            activations = {"tanh": tf.tanh, "relu": tf.nn.relu, "linear": tf.identity}
            cell = nn.BasicRNNCell(H, activation=activations[job["activation"]])
        elif job["cell"] == "GRU":
            cell = nn.GRUCell(H)
        else:
            cell = nn.LSTMCell(H, use_peepholes=job["cell"] == "PeepholeLSTM")
        first = nn.LSTMStateTuple(c=state[1], h=state[0]) if len(state) == 2 else state[0]
        ys, last = tf1.nn.dynamic_rnn(cell, xs, job["lengths"], first, time_major=True)
        last = [last.h, last.c] if len(state) == 2 else [last]
        loss = tf.reduce_sum(ys * job["d_ys"])
        loss += tf.add_n([tf.reduce_sum(s * d) for s, d in zip(last, job["d_last"], strict=True)])
        variables = {v.op.name.split("_cell/", 1)[1]: v for v in tf1.trainable_variables()}
        assert variables.keys() == job["variables"].keys(), f"{sorted(variables)} and {sorted(job['variables'])}"
        for name, variable in variables.items():
            variable.load(job["variables"][name], session)
        d_variables = tf1.gradients(loss, list(variables.values()))
        d_xs, *d_state = tf1.gradients(loss, [xs, *state])
        fetches = {"ys": ys, "last": last, "d_xs": d_xs, "d_state": d_state}
        return session.run(fetches | {"d_variables": dict(zip(variables, d_variables, strict=True))})


jobs = pickle.loads(Path(sys.argv[1]).read_bytes())
Path(sys.argv[2]).write_bytes(pickle.dumps([run(job) for job in jobs]))
