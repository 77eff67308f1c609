r"""Renders formulas while building, with KaTeX from npm, and colours each quantity as the palette says.

sphinxcontrib-katex does the rendering; this file gives it the KaTeX in `node_modules`, serves the style sheet and the
woff2 fonts of that very version, and turns a formula that KaTeX cannot read into a warning.

Sources stay plain LaTeX, because the same text is opened in Jupyter and Colab. `colour` knows a quantity by its form:

- a letter of the palette with a time index: `h^{(t-1)}`, `\mathbf x^{(2)}`, `f_t`, `\tilde C_t`, `\hat y_1`;
- the same letter in bold, with or without index: `\mathbf h`;
- the loss `\mathcal L`, and `\delta`, the gradient at a pre-activation;
- `x`, `h` or `y`, when it is the whole formula.

Indices (`b_h`, `W_{h_t}`) and text are left alone. Braces keep a letter plain where it means something else: `{C}_2`.
"""

import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)

LETTERS = {letter: letter for letter in "xhyCfiozr"}
ACCENTED = {r"\tilde C": "g", r"\tilde h": "g", r"\hat y": "y"}
ALWAYS = {r"\mathcal L": "loss", r"\delta": "gradient"}
BOLD = (r"\mathbf", r"\boldsymbol", r"\bm")
WITH_ARGUMENT = (*BOLD, r"\mathcal", r"\tilde", r"\hat")
VERBATIM = (r"\text", r"\textbf", r"\textit", r"\mathrm", r"\operatorname", r"\begin", r"\end", r"\tag", r"\label")

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.S)
TIME = re.compile(r"\(?([tT]|\d+)([-+](\d|k))?\)?")


def colour(latex):
    r"""The formula with each quantity wrapped in `\htmlClass{q-…}{…}`, the colour's class in palette.css."""
    if latex.strip() in ("x", "h", "y"):
        return wrap(latex.strip(), latex)
    tokens = TOKEN.findall(latex)
    out, at = [], 0
    while at < len(tokens):
        name, end = quantity(tokens, at)
        part = "".join(tokens[at:end])
        out.append(wrap(name, part) if name else part)
        at = end
    return "".join(out)


def quantity(tokens, at):
    """The palette's name for what starts at a token (None: it stays plain), and where that ends."""
    token, name, bold = tokens[at], None, False
    if token in VERBATIM or token in "_^":
        end = argument_end(tokens, at + 1)
        if token == r"\begin" and "array" in "".join(tokens[at:end]):
            end = argument_end(tokens, end)  # its columns
        return None, end
    end = at + 1
    if token in WITH_ARGUMENT:
        end = argument_end(tokens, at + 1)
        base = "".join(tokens[at:end])
        bold = any(style in base for style in BOLD)
        plain = re.sub(r"[{}\s]|" + "|".join(map(re.escape, BOLD)), "", base)  # \hat{\mathbf y} -> \haty
        name = {key.replace(" ", ""): value for key, value in (LETTERS | ACCENTED | ALWAYS).items()}.get(plain)
    elif token in LETTERS and not (at and tokens[at - 1] == "{" and tokens[at + 1 : at + 2] == ["}"]):
        name = LETTERS[token]
    elif token in ALWAYS:
        name = ALWAYS[token]
    if name is None:
        return None, end if token not in WITH_ARGUMENT else at + 1
    timed = bold or name in ALWAYS.values()
    while (script := skip_space(tokens, end)) < len(tokens) and tokens[script] in "_^":
        end = argument_end(tokens, script + 1)
        index = re.sub(r"[{}\s]", "", "".join(tokens[script + 1 : end]))
        timed = timed or TIME.fullmatch(index) is not None
    return name if timed else None, end


def argument_end(tokens, at):
    """Where the argument that starts at a token ends: a group in braces, or one token with its own argument."""
    at = skip_space(tokens, at)
    if at >= len(tokens):
        return at
    if tokens[at] in WITH_ARGUMENT:
        return argument_end(tokens, at + 1)
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


def set_up_katex(app):
    dist = Path(app.srcdir).parent / "node_modules" / "katex" / "dist"
    if not dist.is_dir():
        raise ExtensionError(f"{dist} does not exist: run `npm ci` (or `make book`, which does) to install KaTeX")
    if not shutil.which("node"):
        raise ExtensionError("node was not found: formulas are rendered while building, by KaTeX, which needs Node.js")
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=False, trust=True, strict=False)
    app.config.katex_js_path = str(dist / "katex.min.js")
    app.config.katex_css_path = "katex/katex.css"
    app.config.html_static_path.append(str(copy_assets(dist, Path(app.doctreedir) / "katex")))


def copy_assets(dist, folder):
    """KaTeX's style sheet and its woff2 fonts (every browser of the last ten years reads these) in a folder to serve."""
    served = folder / "katex"
    shutil.rmtree(folder, ignore_errors=True)
    (served / "fonts").mkdir(parents=True)
    for font in (dist / "fonts").glob("*.woff2"):
        shutil.copy(font, served / "fonts")
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css)
    (served / "katex.css").write_text(css, encoding="utf-8")
    return folder


def report_errors(app, pagename, templatename, context, doctree):
    for reason in re.findall(r'class="katex-error" title="([^"]*)"', context.get("body", "")):
        logger.warning("a formula cannot be read: %s", reason, location=pagename, type="formulas")


def setup(app):
    app.setup_extension("sphinxcontrib.katex")
    app.add_post_transform(ColourFormulas)
    app.connect("builder-inited", set_up_katex, priority=100)  # before sphinxcontrib-katex reads its settings
    app.connect("html-page-context", report_errors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
