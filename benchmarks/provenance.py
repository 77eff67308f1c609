"""Who computed a number, with what, and how to do it again. Every result file carries this."""

import datetime
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"  # what the benchmarks page shows
SHIPPED = ROOT / "code" / "unrolled" / "results"  # what a chapter reads when it runs: part of the package


def provenance(*packages):
    """The command, date, commit, machine and versions of a run, as a dict."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), processor)
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return {
        "command": " ".join(["python", str(Path(sys.argv[0]).resolve().relative_to(ROOT)), *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "commit": subprocess.run(git, capture_output=True, text=True).stdout.strip(),
        "machine": f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "threads": os.environ.get("OMP_NUM_THREADS", str(os.cpu_count())),
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in packages},
    }


def write(name, result, folder=RESULTS):
    """Write a result file whole or not at all. folder: RESULTS or SHIPPED."""
    target = folder / f"{name}.json"
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(target)
    print(f"wrote {target.relative_to(ROOT)}")
