r"""Renders formulas while building, with KaTeX from npm, and colours each quantity as the palette says.

sphinxcontrib-katex does the rendering; this file gives it the KaTeX in `node_modules`, serves the style sheet and the
woff2 fonts of that very version, and turns a formula that KaTeX cannot read into a warning.

Sources stay plain LaTeX, because the same text is opened in Jupyter and Colab. `colour` recognises a quantity by its
shape: a letter of the palette with a time index (`h^{(t-1)}`, `\mathbf x^{(2)}`, `f_t`, `\tilde C_t`), a bold vector
(`\mathbf h`), the loss `\mathcal L`, or a formula that is nothing but `x`, `h` or `y`. Weights such as `b_h` keep
the text's colour.
"""

import re
import shutil
from pathlib import Path

import sphinxcontrib.katex as katex
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

QUANTITY = {letter: letter for letter in "xhCfiozry"} | {r"\tilde C": "g", r"\tilde h": "g", r"\hat y": "y", r"\delta": "gradient"}
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.S)
STYLE = {r"\mathbf", r"\boldsymbol", r"\bm"}
ACCENT = {r"\tilde", r"\hat", r"\widetilde", r"\widehat"}
VERBATIM = {r"\text", r"\mathrm", r"\operatorname", r"\begin", r"\end", r"\tag", r"\label", r"\textbf", r"\textit"}
TIME = re.compile(r"\(?\s*(?:[tT0-9]|10|100)\s*(?:[-+]\s*[0-9k])?\s*\)?")


def colour(latex):
    r"""The formula with each quantity wrapped in `\htmlClass{q-…}{…}`."""
    tokens = TOKEN.findall(latex)
    if latex.strip() in ("x", "h", "y"):
        return wrap(latex.strip(), latex.strip())
    out, at = [], 0
    while at < len(tokens):
        token = tokens[at]
        if token in VERBATIM:
            end = argument(tokens, at + 1)
            if token == r"\begin" and "array" in "".join(tokens[at:end]):
                end = argument(tokens, end)  # the columns
            out += tokens[at:end]
        elif token in "_^" :
            end = argument(tokens, at + 1)
            out += tokens[at:end]  # an index is never a quantity
        elif (found := quantity(tokens, at)) is not None:
            name, end = found
            out.append(wrap(name, "".join(tokens[at:end])))
        else:
            end = at + 1
            out.append(token)
        at = end
    return "".join(out)


def quantity(tokens, at):
    """(palette name, end) of the quantity that starts at a token, or None."""
    end = base_end = argument(tokens, at + 1) if tokens[at] in STYLE | ACCENT else at + 1
    base = "".join(tokens[at:end])
    loss = tokens[at] == r"\mathcal"
    if loss:
        end = base_end = argument(tokens, at + 1)
        base = "".join(tokens[at:end])
    bold = any(style in base for style in STYLE)
    name = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathcal)(?![A-Za-z])|[{}\s]", "", base).replace("wide", "")
    name = re.sub(r"^\\(tilde|hat)(?=[A-Za-z])", r"\\\1 ", name) if base.startswith("\\") else name
    name = "loss" if loss and name in ("L", "E", "J") else QUANTITY.get(name)
    if name is None or (loss and name != "loss"):
        return None
    timed = False
    while (script := skip_space(tokens, end)) < len(tokens) and tokens[script] in "_^":
        end = argument(tokens, script + 1)
        timed = timed or TIME.fullmatch("".join(tokens[script + 1 : end]).strip().strip("{}").strip()) is not None
    return (name, end) if timed or bold or name in ("loss", "gradient") else None
    

def argument(tokens, at):
    """Where the argument that starts at a token ends: a group in braces, or one token; spaces before it belong to it."""
    at = skip_space(tokens, at)
    if at >= len(tokens):
        return at
    if tokens[at] in STYLE | ACCENT:
        return argument(tokens, at + 1)
    if tokens[at] != "{":
        return at + 1
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        if depth == 0:
            return end + 1
    return len(tokens)


def skip_space(tokens, at):
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    return at


def wrap(name, latex):
    return rf"{{\htmlClass{{q-{name}}}{{{latex}}}}}"


class ColourFormulas(SphinxPostTransform):
    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs):
        for node in self.document.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))):
            node.children = [nodes.Text(colour(node.astext()))]


def find_katex(app):
    dist = Path(app.srcdir).parent / "node_modules" / "katex" / "dist"
    if not dist.is_dir():
        raise FileNotFoundError(f"{dist}: KaTeX is not installed; run `npm ci` in {dist.parents[2]}")
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node: not found; formulas are rendered by KaTeX, which needs Node.js while building")
    katex.NODEJS_BINARY = node
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=False, trust=True, strict=False, output="htmlAndMathml")
    app.config.katex_js_path = str(dist / "katex.min.js")
    app.config.katex_css_path = "katex/katex.css"
    folder = Path(app.doctreedir) / "katex"
    served = folder / "katex"
    shutil.rmtree(folder, ignore_errors=True)
    (served / "fonts").mkdir(parents=True)
    for font in (dist / "fonts").glob("*.woff2"):
        shutil.copy(font, served / "fonts")
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    (served / "katex.css").write_text(re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css), encoding="utf-8")
    app.config.html_static_path.append(str(folder))


def report_errors(app, pagename, templatename, context, doctree):
    for title in re.findall(r'class="katex-error" title="([^"]*)"', context.get("body", "")):
        logger.warning("formula: %s", title, location=pagename, type="formula")


def setup(app):
    app.setup_extension("sphinxcontrib.katex")
    app.add_post_transform(ColourFormulas)
    app.connect("builder-inited", find_katex, priority=100)
    app.connect("html-page-context", report_errors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
