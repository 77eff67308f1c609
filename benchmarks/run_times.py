"""How long does each chapter run, and how much memory does it take?

    python benchmarks/run_times.py

Each notebook is executed from its first cell to its last in a kernel of its own. Time is wall-clock from a running
kernel to the last output; memory is the largest resident size of the kernel's process. Budgets (design.md section 3):
90 seconds and 1,000 MB, or 1,500 MB where TensorFlow is imported; Binder stops a kernel at 2 GB. The result goes to
code/unrolled/results/run_times.json, which the benchmarks page shows.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from provenance import ROOT, provenance, write

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from notebooks import ENVIRONMENT

SECONDS, MEGABYTES, MEGABYTES_WITH_TENSORFLOW = 90, 1000, 1500


def measure(path, python=sys.executable):
    """Execute a notebook with this Python; return its seconds, its largest memory in MB and its budget in MB."""
    notebook = nbformat.read(path, as_version=4)
    os.environ |= ENVIRONMENT
    manager = AsyncKernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    client = NotebookClient(notebook, km=manager, timeout=600, resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel():
        kernel = psutil.Process(manager.provisioner.pid)
        largest, done = [0], threading.Event()

        def watch():
            while not done.wait(0.05):
                largest[0] = max(largest[0], kernel.memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.monotonic()
        try:
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
        finally:
            seconds = time.monotonic() - start
            done.set()
            watcher.join()
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    budget = MEGABYTES_WITH_TENSORFLOW if "import keras" in code or "import tensorflow" in code else MEGABYTES
    return {"notebook": path.stem, "seconds": round(seconds, 1), "MB": largest[0] // 10**6, "MB allowed": budget}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="the Python that runs the kernels, e.g. Binder's")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a budget is exceeded")
    options = parser.parse_args()
    rows = []
    for path in sorted((ROOT / "book" / "chapters").glob("[0-9][0-9]_*.ipynb")):
        rows.append(measure(path, Path(options.python)))
        print(rows[-1], flush=True)
    if not options.check:
        write("run_times", {"notebooks": rows, "provenance": provenance("numpy", "torch", "keras", "tensorflow-cpu")})
    return int(any(r["seconds"] > SECONDS or r["MB"] > r["MB allowed"] for r in rows))


if __name__ == "__main__":
    sys.exit(main())
