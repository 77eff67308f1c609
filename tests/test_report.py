"""Measured results: what ships with the package, and what the report of `make bench` says about the others."""

import re

import report
from built_site import BOOK, ROOT
from provenance import RESULTS, SHIPPED
from unrolled import data

PAGE = {"performance": 100, "accessibility": 100, "kB": 100, "CLS": 0, "LCP beyond the plain page": -10}
TIMES = {"notebook": "01_one", "seconds": 10, "MB": 500, "MB allowed": 1000}


def said(slugs=("01_one",), times=TIMES, page=PAGE, changed="2026-01-01"):
    """The report on one chapter, measured on the second of January."""
    made = {"date": "2026-01-02"}
    times = {"notebooks": [times], "provenance": made}
    pages = {"pages": [PAGE | {"page": "the plain page", "kB": 999}, page | {"page": "01_one"}], "provenance": made}
    return list(report.report(slugs, times, pages, lambda slug: changed))


def test_all_is_well():
    assert said() == []


def test_what_is_missing_old_or_gone_is_a_line():
    times, page = said(slugs=("01_one", "02_two"))
    assert times == "run_times: 02_two was not measured yet: python benchmarks/run_times.py"
    assert page.startswith("page: 02_two was not measured yet")
    assert said(changed="2026-01-03")[0] == "run_times: 01_one was measured on 2026-01-02 and changed on 2026-01-03"
    assert [line.partition(": 01_one ")[2] for line in said(slugs=())] == [
        "was measured, and is no chapter any more"
    ] * 2
    assert len(list(report.report(["01_one"], {}, {}))) == 2


def test_what_is_beyond_its_limit_is_a_line():
    assert said(times=TIMES | {"seconds": 1e3, "MB": 1001}) == [
        f"run_times: 01_one took 1000 s, {report.SECONDS_ALLOWED} are allowed",
        "run_times: 01_one took 1001 MB, 1000 are allowed",
    ]
    assert said(page=PAGE | {"accessibility": 99, "kB": 251}) == [
        "page: 01_one: accessibility is 99, expected at least 100",
        "page: 01_one: kB is 251, expected at most 250",
    ]


def test_only_what_a_chapter_reads_ships_with_the_package():
    texts = [path.read_text(encoding="utf-8") for path in (BOOK / "chapters").glob("*.md")]
    texts += [path.read_text(encoding="utf-8") for path in SHIPPED.parent.rglob("*.py")]
    read = {f"{name}.json" for text in texts for name in re.findall(r"results\.load\(\"(\w+)\"", text)}
    read |= {name for text in texts for name in re.findall(r"\"(\w+\.npz)\"", text)} - set(data.FILES)
    shipped = {path.name for path in SHIPPED.iterdir() if path.suffix in (".json", ".npz")}
    assert shipped == read, "code/unrolled/results holds what chapters or the package read, benchmarks/results the rest"
    page = (BOOK / "benchmarks.md").read_text(encoding="utf-8")
    shown = {f"{name}.json" for name in re.findall(r"[^.]\bresult\(\"(\w+)\"", page)}
    assert {path.name for path in RESULTS.iterdir()} == shown, "the benchmarks page shows every result"


def test_each_script_says_where_its_result_goes():
    for folder in (RESULTS, SHIPPED):
        where = folder.relative_to(ROOT).as_posix()
        for path in folder.glob("*.json"):
            script = ROOT / "benchmarks" / f"{path.stem}.py"
            assert f"{where}/{path.stem}." in script.read_text(encoding="utf-8")
