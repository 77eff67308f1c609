from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch08_traces",
    chapter=8,
    title="How often is it traced?",
    objective="say when a function of TensorFlow 2 is traced anew, and when a graph is used again",
    difficulty=2,
    minutes=3,
    question=r"""
A function runs a recurrent layer with a Python loop over the steps, `for t in range(xs.shape[0])`. It is decorated
with a plain `@tf.function`, without any options. It is called with six batches, one after the other, of

10, 12, 10, 12, 7 and 10

steps; everything else about them, dtype and number of instances included, is the same. How often is the function
traced?
""",
    answer=3,
    tolerance=0,
    wrong=[
        (6, "Six are the calls. A trace is kept: a later batch of the same shape uses its graph again."),
        (
            1,
            "One graph for all would need a loop inside the graph and a signature that leaves the length open. A "
            "Python loop is run while tracing, and its number of steps is fixed in the graph that it leaves.",
        ),
        (2, "The first call is traced as well: there is no graph yet when it comes."),
        (
            4,
            "One too many: graphs are kept side by side, and a newer one does not replace an older one. Which of the "
            "lengths have been there before?",
        ),
        (
            5,
            "You counted how often the length changes. What matters is not the call before, but whether this length "
            "has been there at any earlier call.",
        ),
        (
            29,
            "29 copies of the step stand in all the graphs together, 10 + 12 + 7. Asked is how many graphs were made.",
        ),
        (61, "61 is the number of steps that are run in all. Tracing happens once for each new shape."),
    ],
    hints=[
        "A trace is made for the shapes and dtypes of the arguments, and it is kept. When is it used again?",
        "Go through the calls and mark each length that has not been there before.",
    ],
    solution="""
Call 1, 10 steps: new, traced. Call 2, 12 steps: new, traced. Calls 3 and 4, 10 and 12 steps: both graphs are there.
Call 5, 7 steps: new, traced. Call 6, 10 steps: the graph of call 1 is used. Three traces, one for each new length.

Each of the three graphs is a static unrolling with its own number of copies. With many lengths this costs time and
memory; a `tf.while_loop` in place of the Python loop, and an `input_signature` that leaves the length open, need one.
""",
    right="Right: 10, 12 and 7 are new when they come, and each length is traced once.",
)
