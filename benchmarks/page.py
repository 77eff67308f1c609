"""How fast is a page there, and how much is transferred? Lighthouse, as a phone on a slow network sees it.

    python benchmarks/page.py            about five minutes; `make book` first

Measured are the first page, every chapter, and for comparison *the plain page*: a page of three sentences in a book
with Jupyter Book's own settings, built on the spot. Lighthouse's mobile settings (a phone's screen, 1.6 Mbit/s with
150 ms delay, a processor four times slower, all simulated), three runs each; of every number the median is kept.
The site is served from this machine, compressed and with the cache lifetime of GitHub Pages. No other host can be
reached: the plain page's requests to CDNs are refused at once, and would only make it slower where they are answered.

Needed: Node.js and Chromium (`make test` finds or installs one). Lighthouse itself is installed into
benchmarks/page/ at the first call, at the version and hashes of the lock file there. The result goes to
benchmarks/results/page.json, which the benchmarks page shows.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from github_pages import served
from provenance import ROOT, provenance, write

sys.path.insert(0, str(ROOT / "tests"))
import chromium

SITE = ROOT / "book" / "_build" / "html"
LIGHTHOUSE = ROOT / "benchmarks" / "page"
RUNS = 3
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
# No host but this one, and nothing that Chromium would like to fetch for itself.
FLAGS = '--headless=new --no-sandbox --disable-gpu --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"'
PLAIN = {
    "_config.yml": "title: Plain\nexecute: {execute_notebooks: 'off'}\n",
    "_toc.yml": "format: jb-book\nroot: index\n",
    "index.md": "# Plain\n\nA page of a book with default settings. It has a heading, some words and no figure.\n\n"
    "It is what a page costs before its author has written anything.\n",
}
KINDS = {"document": "page", "stylesheet": "style sheets", "script": "scripts", "font": "fonts", "image": "images"}


def lighthouse(url, browser):
    """One run: Lighthouse's report as a dict."""
    command = [
        "node", str(LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"), url, "--quiet", "--output=json",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}",
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": browser})
    if answer.returncode:
        raise SystemExit(f"Lighthouse, {url}: {answer.stderr}")
    return json.loads(answer.stdout)


def numbers(report):
    """What is kept of a report: scores 0 to 100, times in ms, layout shift, kB transferred by kind."""
    scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    audits = {"LCP": "largest-contentful-paint", "CLS": "cumulative-layout-shift", "TBT": "total-blocking-time"}
    times = {
        name: round(report["audits"][audit]["numericValue"], 4 if name == "CLS" else 0)
        for name, audit in audits.items()
    }
    kB = dict.fromkeys([*KINDS.values(), "other"], 0)
    for request in report["audits"]["network-requests"]["details"]["items"]:
        if request["url"].startswith("data:"):
            continue  # part of the file it stands in
        kB[KINDS.get(request.get("resourceType", "").lower(), "other")] += request.get("transferSize", 0) / 1000
    return scores | times | {f"kB {name}": value for name, value in kB.items()} | {"kB": sum(kB.values())}


def measure(name, url, browser):
    reports = [lighthouse(url, browser) for _ in range(RUNS)]
    runs = [numbers(report) for report in reports]
    row = {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}
    row = {key: round(value, 1) if key.startswith("kB") else value for key, value in row.items()}
    faults = {
        reference["id"]: reports[0]["audits"][reference["id"]]["title"]
        for category in ("accessibility", "best-practices", "seo")
        for reference in reports[0]["categories"][category]["auditRefs"]
        if reports[0]["audits"][reference["id"]]["score"] == 0 and reference["weight"]
    }
    row["speed of this machine"] = round(
        statistics.median(report["environment"]["benchmarkIndex"] for report in reports)
    )
    return {"page": name} | row | {"performance, each run": [run["performance"] for run in runs], "faults": faults}


def plain_site(folder):
    """Build the plain book in a folder; return the folder to serve."""
    for name, text in PLAIN.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-q", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "_build" / "html"


def main():
    browser = chromium.find(chromium.WHOLE)
    if not browser or not (SITE / "index.html").exists():
        return "This needs a Chromium that has windows (Debian: sudo apt install chromium), and the site: `make book`."
    if not (LIGHTHOUSE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=LIGHTHOUSE, check=True)
    with tempfile.TemporaryDirectory() as folder, served(plain_site(Path(folder))) as plain, served(SITE) as site:
        pages = {"the plain page": f"{plain}/index.html", "index": f"{site}/index.html"}
        chapters = sorted((SITE / "chapters").glob("*.html"))
        rows = []
        for name, url in (pages | {path.stem: f"{site}/chapters/{path.name}" for path in chapters}).items():
            rows.append(measure(name, url, browser))
            rows[-1]["LCP beyond the plain page"] = rows[-1]["LCP"] - rows[0]["LCP"]
            print(rows[-1], flush=True)
    version = json.loads((LIGHTHOUSE / "node_modules" / "lighthouse" / "package.json").read_text())["version"]
    made = provenance("jupyter-book")
    named = subprocess.run([browser, "--version"], capture_output=True, text=True).stdout.split()
    made["versions"] |= {"lighthouse": version, "chromium": next(word for word in named if word[0].isdigit())}
    write("page", {"pages": rows, "runs": RUNS, "provenance": made})
    return 0


if __name__ == "__main__":
    sys.exit(main())
