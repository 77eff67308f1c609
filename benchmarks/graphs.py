"""The graphs of three steps that chapter 8 looks at, as lists of operations: name, op, and the inputs in their order.

Input of width 3, BasicRNNCell of 5 units; `static_rnn` gets the steps by unstack, `dynamic_rnn` the whole array. The
kernel starts at random, as on the slides. No number is computed: what is kept is what TensorFlow writes into a graph.

python benchmarks/graphs.py    some seconds; writes code/unrolled/results/graphs.json
"""

T, D, H = 3, 3, 5


def made(way):
    """The graph of a way, "static" or "dynamic", as a list of {name, op, inputs}."""
    from unrolled.tensorflow1 import BasicRNNCell, tf, tf1

    tf1.disable_control_flow_v2()
    with tf.Graph().as_default() as graph:
        X = tf1.placeholder(tf.float32, [None, T, D], name="X")
        if way == "static":
            steps = tf.unstack(tf.transpose(X, [1, 0, 2]))
            ys, _ = tf1.nn.static_rnn(BasicRNNCell(H), steps, dtype=tf.float32)
            tf.transpose(tf.stack(ys), [1, 0, 2])
        else:
            tf1.nn.dynamic_rnn(BasicRNNCell(H), X, dtype=tf.float32)
        tf1.global_variables_initializer()
    return [{"name": node.name, "op": node.op, "inputs": list(node.input)} for node in graph.as_graph_def().node]


def main():
    from provenance import SHIPPED, provenance, write

    graphs = {way: made(way) for way in ("static", "dynamic")}
    write("graphs", {"T": T, "D": D, "H": H, **graphs, "provenance": provenance("tensorflow-cpu")}, SHIPPED)


if __name__ == "__main__":
    main()
