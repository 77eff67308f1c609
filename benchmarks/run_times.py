"""How long does each chapter run, and how much memory does it take?

    python benchmarks/run_times.py

Each notebook is executed from its first cell to its last in a kernel of its own. Time is measured twice: by the clock,
from a running kernel to the last output, and in CPU seconds of the kernel and all that it starts. Memory is the
largest resident size of the kernel's process. The budgets, of CPU seconds and of memory, stand in
book/_ext/notebooks.py. The result goes to benchmarks/results/run_times.json: after the next `make notebooks` the
chapters, README and the benchmarks page say it.
"""

import os
import sys
import time

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from provenance import ROOT, provenance, write

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from notebooks import ENVIRONMENT, cpu_seconds, megabytes, megabytes_allowed


def measure(path, python=sys.executable):
    """Execute a notebook with this Python; return its seconds (clock, CPU), its memory and its budget in MB."""
    notebook = nbformat.read(path, as_version=4)
    os.environ |= ENVIRONMENT
    manager = AsyncKernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    client = NotebookClient(notebook, km=manager, timeout=600, resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel():
        start = time.monotonic()
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        seconds, pid = time.monotonic() - start, manager.provisioner.pid
        spent, largest = cpu_seconds(pid), megabytes(pid)
    return {
        "notebook": path.stem,
        "seconds": round(seconds, 1),
        "CPU seconds": round(spent, 1),
        "MB": largest,
        "MB allowed": megabytes_allowed(notebook),
    }


def main():
    rows = []
    for path in sorted((ROOT / "book" / "chapters").glob("[0-9][0-9]*_*.ipynb")):
        rows.append(measure(path))
        print(rows[-1], flush=True)
    write("run_times", {"notebooks": rows, "provenance": provenance("numpy", "torch", "keras", "tensorflow-cpu")})


if __name__ == "__main__":
    main()
