"""Has a written function judged in a Python process of its own, which may hang, crash or be told to leave.

The process gets SECONDS from the moment at which it is ready, MEMORY where the system can limit it, no input, and a
folder of its own. The verdict comes back in a file there, which printing cannot spoil. This keeps a reader's slip
from hurting the kernel; it is no wall against code that means harm, which in a notebook could do harm anyway.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from unrolled.exercises.kinds import Verdict
from unrolled.exercises.written import MORE

SECONDS = 5
START_UP = 60  # seconds for Python and NumPy to start on a slow, busy machine
MEMORY = 2 * 2**30  # bytes of address space, NumPy's own included
FILES = 20 * 2**20  # bytes a file may have, printed output included
PACKAGE = Path(__file__).parents[2]


def check(id, source):
    """The Verdict on code as text. Raises KeyError for an unknown id."""
    with tempfile.TemporaryDirectory(prefix="unrolled-", ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        (folder / "work").mkdir()
        (folder / "answer.json").write_text(json.dumps({"id": id, "source": source}))
        with (folder / "printed").open("wb") as printed:
            process = start(folder, printed)
            try:
                late = wait(process, folder / "ready")
            finally:
                stop(process)
        return verdict(folder, process.returncode, late)


def start(folder, printed):
    paths = [str(PACKAGE), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    code = "import sys; from unrolled.exercises import sandbox; sandbox.inside(sys.argv[1])"
    return subprocess.Popen(
        [sys.executable, "-c", code, folder],
        stdin=subprocess.DEVNULL,
        stdout=printed,
        stderr=subprocess.STDOUT,
        cwd=folder / "work",
        env=os.environ | threads | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8:replace"},
        start_new_session=True,
    )


def wait(process, ready):
    """Wait for the process; return the sentence that says why waiting was given up, or an empty string."""
    began, since = time.monotonic(), None
    while process.poll() is None:
        now = time.monotonic()
        if since is None and ready.exists():
            since = now
        if since is not None and now - since > SECONDS:
            return f"Your code was still running after {SECONDS} seconds and was stopped. Is there a loop without end?"
        if since is None and now - began > START_UP:
            return f"Python did not start within {START_UP} seconds, so nothing was checked. Please try again."
        time.sleep(0.005 if now - began < 1 else 0.02)
    return ""


def stop(process):
    """End the process and whatever it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()


def verdict(folder, status, late):
    with (folder / "printed").open("rb") as file:
        printed = file.read(4000).decode("utf-8", "replace").replace("\0", "�")
    try:
        passed, reply, output = json.loads((folder / "verdict.json").read_text())
    except (OSError, ValueError):
        if not late and not (folder / "ready").exists():
            lines = printed.strip().splitlines() or ["no message"]
            return Verdict(False, f"The check itself did not start: {lines[-1][:200]}.", counted=False)
        return Verdict(False, late or died(status), printed)
    _, more, count = output.rpartition(MORE)  # the output itself is in the file, with what went past sys.stdout
    return Verdict(passed is True, str(reply), printed + more + count * bool(more))


def died(status):
    """The process has ended without a verdict."""
    end = "Python ended before your function could be checked"
    if status < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-status).name
            return f"{end}: it was stopped by {name}. Did it run out of memory, or out of stack?"
    if status == 0:
        return f"{end}. Does your code call `os._exit`?"
    return f"{end} (exit status {status}). Does it leave Python, or change `builtins` or NumPy itself?"


def inside(folder):
    """What runs in the process of its own."""
    from unrolled.exercises import get, written

    folder = Path(folder)
    answer = json.loads((folder / "answer.json").read_text())
    exercise = get(answer["id"])
    limit()
    write, replace, leave, dump = os.write, os.replace, os._exit, json.dumps  # before the reader's code can change them
    target = os.open(folder / "verdict.partial", os.O_CREAT | os.O_WRONLY, 0o600)

    def tee(text):
        write(1, text.encode("utf-8", "replace"))

    (folder / "ready").touch()
    try:
        result = dump(tuple(written.check_source(exercise, answer["source"], tee)[:3]))
        write(target, result.encode())
        replace(folder / "verdict.partial", folder / "verdict.json")
        leave(0)  # threads of the reader's that are still running are not waited for
    except:  # noqa: E722  (BaseException itself may have been changed)
        leave(70)  # without a traceback: its lines would be ours


def limit():
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: 6 * SECONDS,  # should the kernel die, nobody else would end a loop without end
    }
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
