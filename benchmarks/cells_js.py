"""How many training iterations a second do the cells make in JavaScript, in Node and in a browser's Worker?

An iteration is forward, backward and Adam for a sequence of 40 steps, a batch of 20, 2 inputs and 32 units, with a
readout of the last state. Each precision has a process of its own, because V8 compiles for the arrays it has met. In
each the cells take turns with a prototype as one writes it first, a simple cell on lists of lists; of many turns the
fastest counts, in Node by the processor's time. What made it quick is measured too, by taking it out again.

python benchmarks/cells_js.py            a few minutes; writes benchmarks/results/cells_js.json
python benchmarks/cells_js.py --quick    Node alone, nothing is written
"""

import argparse
import json
import subprocess
import sys

from playwright.sync_api import sync_playwright

from provenance import ROOT, provenance, write
from unrolled.widgets.module import HERE, module

sys.path.append(str(ROOT / "tests"))
import chromium

BROWSER = chromium.find(chromium.WHOLE)
KINDS = {"float64": ["prototype", "RNN float64", "LSTM float64", "GRU float64"],
         "float32": ["prototype", "RNN float32", "LSTM float32", "GRU float32"]}  # fmt: skip
LOADED = {"a": "A[p]", "b": "A[q]", "w0": "W[w]", "w1": "W[w + wn]", "w2": "W[w + 2 * wn]", "w3": "W[w + 3 * wn]"}
# What is taken out: (a text of the modules, what stands there instead)
WITHOUT = {
    "as it is": [],
    "one row of the product at a time": [("m < M; m += 2", "m < M; m += 1"), ("m + 1 === M;", "true;")],
    "a list taken apart in the inner loop": [
        (",\n          ".join(f"{name} = {value}" for name, value in LOADED.items()).join(["const ", ";"]),
         f"const [{', '.join(LOADED)}] = [{', '.join(LOADED.values())}];")],
    "plain products": [("const whole = N - (N % 4);", "const whole = 0;")],
    "Math.tanh": [("function tanh(a) {", "function tanh(a) {\n  return Math.tanh(a);")],
    "arrays made anew": [("if (!hasSizes(run, cell, Float, oneHot, T, B, D, H)) run =", "run =")],
}  # fmt: skip


def source(changes=()):
    text = module(HERE / "cells.js", HERE / "learning.js")
    for right, wrong in changes:
        if text.count(right) != 1:
            raise ValueError(f"{right!r} stands {text.count(right)} times in the modules")
        text = text.replace(right, wrong)
    return text + (ROOT / "benchmarks" / "cells_js.mjs").read_text(encoding="utf-8")


def in_node(wanted, changes=()):
    program = source(changes) + f"\nconsole.log(JSON.stringify(measure({json.dumps(wanted)})));"
    command = ["node", "--input-type=module"]
    return json.loads(subprocess.run(command, input=program, capture_output=True, text=True, check=True).stdout)


def in_workers():
    """The same in a browser, each precision in a Worker of its own; and the browser's version."""
    ask = """program => new Promise((resolve, reject) => {
      const file = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
      const worker = new Worker(file);
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = ({ message }) => reject(Error(message));
    })"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER)
        page = browser.new_page()
        programs = {kind: f"{source()}\npostMessage(measure({json.dumps(wanted)}));" for kind, wanted in KINDS.items()}
        found = {kind: rounded(page.evaluate(ask, program)) for kind, program in programs.items()}
        version = browser.version
        browser.close()
    return found, version


def rounded(found):
    rates = {name: round(1000 / ms, 1) for name, ms in found.items()}
    ratios = {name: round(found["prototype"] / ms, 2) for name, ms in found.items()}
    return {"iterations a second": rates, "times the prototype": ratios}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true")
    quick = arguments.parse_args().quick
    result = {"sizes": {"T": 40, "B": 20, "D": 2, "H": 32}, "node": {k: rounded(in_node(w)) for k, w in KINDS.items()}}
    print(json.dumps(result, indent=1))
    if quick:
        return
    result["worker"], browser = in_workers()
    without = {name: rounded(in_node(KINDS["float64"], changes)) for name, changes in WITHOUT.items()}
    result["without"] = {name: found["times the prototype"] for name, found in without.items()}
    node = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    result["provenance"] = provenance()
    result["provenance"]["versions"] |= {"node": node, "chromium": browser}
    print(json.dumps(result, indent=1))
    write("cells_js", result)


if __name__ == "__main__":
    main()
