"""Is there a result for every chapter, is it of the chapter as it is now, and does it keep the limits?

    python benchmarks/report.py          a line for each measurement that is missing, old or beyond its limit

`make bench` ends with it. Nothing here is a fault of the code, so no test asks for it: measure again, or look at the
page. A measurement is old when the chapter's notebook was changed in git on a later day.
"""

import json
import subprocess
import sys

from provenance import RESULTS, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import chapter_facts
from notebooks import SECONDS_ALLOWED

LIMITS = {  # Lighthouse, as benchmarks/page.py measures
    "performance": (95, 100),
    "accessibility": (100, 100),
    "kB": (0, 250),
    "CLS": (0, 0.02),
    "LCP beyond the plain page": (-float("inf"), 300),
}


def changed(slug):
    """The day of the last commit to a chapter's notebook, such as "2026-11-24"; empty where git does not know."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%cs", "--", f"book/chapters/{slug}.ipynb"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def about(name, rows, date, slugs, last_change):
    """Lines about the rows that are missing or old. rows: the chapters that were measured on that date."""
    for slug in slugs:
        if slug not in rows:
            yield f"{name}: {slug} was not measured yet: python benchmarks/{name}.py"
        elif date < last_change(slug):
            yield f"{name}: {slug} was measured on {date} and changed on {last_change(slug)}"
    for slug in rows - set(slugs):
        yield f"{name}: {slug} was measured, and is no chapter any more"


def beyond_times(row):
    if row["seconds"] > SECONDS_ALLOWED:
        yield f"run_times: {row['notebook']} took {row['seconds']:.0f} s, {SECONDS_ALLOWED} are allowed"
    if row["MB"] > row["MB allowed"]:
        yield f"run_times: {row['notebook']} took {row['MB']} MB, {row['MB allowed']} are allowed"


def beyond_page(row):
    for measure, (low, high) in LIMITS.items():
        if not low <= row[measure] <= high:
            wanted = f"at least {low}" if row[measure] < low else f"at most {high}"
            yield f"page: {row['page']}: {measure} is {row[measure]}, expected {wanted}"


def report(slugs, times, pages, last_change=changed):
    """All lines. slugs: the chapters of the book. times, pages: the two result files, {} where there is none."""
    rows = times.get("notebooks", [])
    found = {row["notebook"] for row in rows}
    yield from about("run_times", found, times.get("provenance", {}).get("date", ""), slugs, last_change)
    for row in rows:
        yield from beyond_times(row)
    rows = pages.get("pages", [])[1:]  # the first is the plain page, which the others are compared with
    found = {row["page"] for row in rows} - {"index"}
    yield from about("page", found, pages.get("provenance", {}).get("date", ""), slugs, last_change)
    for row in rows:
        yield from beyond_page(row)


def load(name):
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def main():
    lines = list(report(chapter_facts.contents(), load("run_times"), load("page")))
    print("\n".join(lines) or "Every chapter is measured, as it is now, and keeps the limits.")


if __name__ == "__main__":
    main()
