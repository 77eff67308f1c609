"""What the longer trainings in `benchmarks/` found and a chapter reads when it runs; so it ships with the package.

What only the benchmarks page shows lies in the repository, in `benchmarks/results/`.
"""

import json
from pathlib import Path

FOLDER = Path(__file__).parent


def load(name):
    """The result file `name`.json as a dict: its numbers, and under "provenance" how they were made."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json"))) or "none yet"
        raise FileNotFoundError(f"name: expected one of: {known}; got {name!r}. `make bench` makes them")
    return json.loads(path.read_text(encoding="utf-8"))
