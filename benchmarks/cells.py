"""How fast is each cell, against the libraries and against its own matrix products? And how much memory does it take?

Forward alone, and forward with backward, of one layer over one batch, float32, in three settings. All engines of a
cell are measured in turns within one process; a time is the median of many turns, the spread is the range of the
middle half. Ratios are to the torch.nn layer of the same process (nn.LSTM for peepholes and coupled gates). Each
number of threads has a process of its own, with glibc's default malloc and with one that keeps freed memory.

python benchmarks/cells.py               all of it, about ten minutes; writes benchmarks/results/cells.json
python benchmarks/cells.py --quick       few turns, nothing is written
On a machine with a GPU the same engines are measured there too, against cuDNN, and torch.compile.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

SETTINGS = {"a": (150, 28, 28, 150), "b": (50, 20, 1, 100), "c": (32, 128, 64, 256)}  # B, T, D, H
TUNED = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "268435456"}
MEMORY_STEPS = [64, 128, 256, 512, 1024]


def measured_cells():
    """Every cell that has a kernel, by name, such as "gru" and "gru_reset_after"; of the simple one that with tanh."""
    from unrolled import RNN
    from unrolled.fast.engine import CELLS

    def name(cell):
        module = type(cell).__module__.removeprefix("unrolled.")
        return "_".join([module, *(setting for setting, value in vars(cell).items() if value is True)])

    return {name(cell): cell for cell in CELLS if not isinstance(cell, RNN) or cell == RNN()}


def torch_module(cell, D, H, **settings):
    from unrolled.pytorch import Recurrent

    return Recurrent(cell, D, H, **settings)


def torch_peer(cell, D, H):
    import torch

    from unrolled import GRU, RNN

    return {RNN: torch.nn.RNN, GRU: torch.nn.GRU}.get(type(cell), torch.nn.LSTM)(D, H)


# --- Engines: each is (forward, forward and backward), functions without arguments ------------------------------------


def floor(cell, B, T, D, H):
    """The products that no engine can do without, into memory that is there already."""
    import torch

    k = cell.blocks * H
    xs, hs, d_as = torch.randn(T * B, D), torch.randn(T, B, H), torch.randn(T * B, k)
    W_ih, W_hh, out, d_h = torch.randn(D, k), torch.randn(H, k), torch.empty(B, k), torch.empty(B, H)
    outs = torch.empty(T * B, k), torch.empty(D, k), torch.empty(H, k), torch.empty(T * B, D)

    def forward():
        torch.mm(xs, W_ih, out=outs[0])
        for t in range(T):
            torch.mm(hs[t], W_hh, out=out)

    def both():
        forward()
        for t in range(T):
            torch.mm(d_as[t * B : (t + 1) * B], W_hh.T, out=d_h)
        torch.mm(xs.T, d_as, out=outs[1])
        torch.mm(hs.view(T * B, H).T, d_as, out=outs[2])
        torch.mm(d_as, W_ih.T, out=outs[3])

    return forward, both


def numpy_engine(cell, B, T, D, H, kind):
    import numpy as np

    import unrolled
    from unrolled import fast

    rng = np.random.default_rng(0)
    params = cell.init(rng, D, H, np.float32)
    xs, d_ys = (rng.normal(size=(T, B, N)).astype(np.float32) for N in (D, H))

    def forward():
        return (fast if kind == "kernels" else unrolled).unroll(cell, params, xs)

    def both():
        if kind == "kernels":
            return fast.bptt(cell, params, forward(), d_ys)
        return unrolled.bptt(cell, params, xs, forward()[1], d_ys)

    return forward, both


def torch_engine(module, B, T, D, H, device="cpu"):
    import torch

    module = module.to(device)
    xs, d_ys = torch.randn(T, B, D, device=device, requires_grad=True), torch.randn(T, B, H, device=device)

    def wait():
        if device != "cpu":
            torch.cuda.synchronize()

    def forward():
        with torch.no_grad():
            module(xs)
        wait()

    def both():
        for p in module.parameters():
            p.grad = None
        xs.grad = None
        module(xs)[0].backward(d_ys)
        wait()

    return forward, both


def keras_engine(cell, B, T, D, H, jit):
    import keras
    import tensorflow as tf

    from unrolled import GRU, RNN

    layer = {RNN: keras.layers.SimpleRNN, GRU: keras.layers.GRU}.get(type(cell), keras.layers.LSTM)
    layer = layer(H, return_sequences=True, **vars(cell))  # activation or reset_after, which mean the same there
    layer.build((B, T, D))
    xs, d_ys = tf.random.normal((B, T, D)), tf.random.normal((B, T, H))

    @tf.function(jit_compile=jit)
    def forward():
        return layer(xs)

    @tf.function(jit_compile=jit)
    def both():
        with tf.GradientTape() as tape:
            tape.watch(xs)
            ys = layer(xs)
        return tape.gradient(ys, [*layer.trainable_weights, xs], d_ys)

    return (lambda: forward().numpy()), (lambda: [g.numpy() for g in both()])


def block_lstm(B, T, D, H):
    """TensorFlow's fused peephole LSTM, the only one there is."""
    import tensorflow as tf

    xs, d_hs = tf.random.normal((T, B, D)), tf.random.normal((T, B, H))
    zero, w, b = tf.zeros((B, H)), tf.random.normal((D + H, 4 * H)) * 0.05, tf.zeros(4 * H)
    peepholes = [tf.zeros(H)] * 3

    def run(w, b, xs):
        return tf.raw_ops.BlockLSTMV2(
            seq_len_max=T, x=xs, cs_prev=zero, h_prev=zero, w=w, wci=peepholes[0], wcf=peepholes[1], wco=peepholes[2],
            b=b, cell_clip=-1, use_peephole=True,
        ).h  # fmt: skip

    @tf.function
    def forward():
        return run(w, b, xs)

    @tf.function
    def both():
        with tf.GradientTape() as tape:
            tape.watch([w, b, xs])
            hs = run(w, b, xs)
        return tape.gradient(hs, [w, b, xs], d_hs)

    return (lambda: forward().numpy()), (lambda: [g.numpy() for g in both()])


def engines(cell, B, T, D, H, with_tensorflow):
    from unrolled import PeepholeLSTM, convert

    made = {
        "matrix products": floor(cell, B, T, D, H),
        "torch.nn": torch_engine(torch_peer(cell, D, H), B, T, D, H),
        "ours, PyTorch": torch_engine(torch_module(cell, D, H), B, T, D, H),
    }
    if not with_tensorflow:
        return made
    without = torch_module(cell, D, H)
    made |= {
        "ours, NumPy": numpy_engine(cell, B, T, D, H, "kernels"),
        "ours, NumPy as read": numpy_engine(cell, B, T, D, H, "readable"),
        "ours, PyTorch without numba": _without_kernels(torch_engine(without, B, T, D, H)),
        "plain loop, autograd": torch_engine(torch_module(cell, D, H, by_hand=False), B, T, D, H),
    }
    if "Keras" in convert.BLOCKS[cell]:
        made |= {"Keras": keras_engine(cell, B, T, D, H, False)}
        made |= {"Keras, jit": (None, keras_engine(cell, B, T, D, H, True)[1])}  # compiling it takes long enough once
    if cell == PeepholeLSTM():
        made["BlockLSTM"] = block_lstm(B, T, D, H)
    return made


def _without_kernels(pair):
    def run(function):
        kept = sys.modules.get("unrolled.fast.kernels")
        sys.modules["unrolled.fast.kernels"] = None
        try:
            return function()
        finally:
            sys.modules["unrolled.fast.kernels"] = kept

    return tuple(lambda function=function: run(function) for function in pair)


# --- Measuring --------------------------------------------------------------------------------------------------------


def in_turns(functions, seconds, most=60):
    """Call the functions by turns; return {name: {median, low, high}} in milliseconds."""
    for function in functions.values():
        function(), function()
    times, end = {name: [] for name in functions}, time.perf_counter() + seconds
    while len(times[next(iter(times))]) < 5 or (time.perf_counter() < end and len(times[next(iter(times))]) < most):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(1000 * (time.perf_counter() - start))
    found = {}
    for name, t in times.items():
        low, median, high = statistics.quantiles(t, n=4)
        found[name] = {"median": round(median, 3), "low": round(low, 3), "high": round(high, 3), "turns": len(t)}
    return found


def measure(threads, tuned, seconds):
    """One process: every cell, every setting, every engine."""
    import torch

    torch.set_num_threads(threads)
    if not tuned:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    rows = []
    for setting, sizes in SETTINGS.items():
        for name, cell in measured_cells().items():
            made = engines(cell, *sizes, with_tensorflow=not tuned)
            for what, number in (("forward", 0), ("forward and backward", 1)):
                found = in_turns({engine: pair[number] for engine, pair in made.items() if pair[number]}, seconds)
                for engine, numbers in found.items():
                    ratio = round(numbers["median"] / found["torch.nn"]["median"], 3)
                    rows.append({"threads": threads, "tuned": tuned, "setting": setting, "cell": name, "what": what,
                                 "engine": engine, "ratio": ratio, **numbers})  # fmt: skip
            print(f"{threads} threads{', tuned' if tuned else ''}, {setting}, {name}: " + ", ".join(
                f"{r['engine']} {r['ratio']:.2f}" for r in rows if r["setting"] == setting and r["cell"] == name
                and r["what"] == what), file=sys.stderr)  # fmt: skip
    return rows


def measure_gpu(seconds):
    import torch

    rows = []
    for setting, (B, T, D, H) in SETTINGS.items():
        for name, cell in measured_cells().items():
            made = {
                "torch.nn": torch_peer(cell, D, H),  # cuDNN
                "ours, PyTorch": torch_module(cell, D, H),
                "plain loop, autograd": torch_module(cell, D, H, by_hand=False),
                "plain loop, torch.compile": torch.compile(torch_module(cell, D, H, by_hand=False)),
            }
            made = {engine: torch_engine(module, B, T, D, H, "cuda") for engine, module in made.items()}
            found = in_turns({engine: both for engine, (_, both) in made.items()}, seconds)
            for engine, n in found.items():
                ratio = round(n["median"] / found["torch.nn"]["median"], 3)
                rows.append({"device": torch.cuda.get_device_name(), "setting": setting, "cell": name, "engine": engine,
                             "ratio": ratio, **n})  # fmt: skip
    return rows


def measure_memory(engine, T):
    """Peak resident memory of one forward and backward of an LSTM in setting c, above what was there before, in MB."""
    B, _, D, H = SETTINGS["c"]
    import torch

    from unrolled import LSTM

    torch.set_num_threads(1)
    if engine == "torch.nn":
        module = torch_peer(LSTM(), D, H)
    else:
        module = torch_module(LSTM(), D, H, by_hand=engine == "ours, PyTorch")
    torch_engine(module, B, 2, D, H)[1]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    torch_engine(module, B, T, D, H)[1]()
    return {
        "engine": engine,
        "T": T,
        "MB": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def child(task, **environment):
    """Run a task in a process of its own."""
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1"} | environment
    run = subprocess.run(
        [sys.executable, __file__, "--task", json.dumps(task)], env=environment, stdout=subprocess.PIPE
    )
    if run.returncode:
        raise SystemExit(f"{task} failed")
    return json.loads(run.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        name, *arguments = json.loads(options.task)
        print(json.dumps({"measure": measure, "gpu": measure_gpu, "memory": measure_memory}[name](*arguments)))
        return
    seconds = 0.2 if options.quick else 1.8
    rows = []
    for threads in (1, 2):
        counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
        rows += child(["measure", threads, False, seconds], **counts)
        rows += child(["measure", threads, True, seconds], **counts, **TUNED)
    import torch

    from provenance import provenance, write

    memory = [child(["memory", engine, T]) for engine in ("torch.nn", "ours, PyTorch", "plain loop, autograd")
              for T in MEMORY_STEPS]  # fmt: skip
    result = {
        "provenance": provenance("torch", "numpy", "numba", "keras", "tensorflow-cpu"),
        "settings": {name: dict(zip("BTDH", sizes, strict=True)) for name, sizes in SETTINGS.items()},
        "rows": rows,
        "memory": memory,
        "gpu": child(["gpu", seconds]) if torch.cuda.is_available() else [],
    }
    if options.quick:
        print(json.dumps(memory))
    else:
        write("cells", result)


if __name__ == "__main__":
    main()
