r"""Renders formulas while building, with KaTeX from npm, and colours each quantity as the palette says.

Nothing is left to do in the page: it gets HTML, MathML for screen readers, and the style sheet and fonts of the same
version. A formula that KaTeX cannot read is a warning, with its place.

Sources stay plain LaTeX, because the same text is opened in Jupyter and Colab. `colour` knows a quantity by its form:

- a letter of the palette with a time index: `h^{(t-1)}`, `\mathbf x^{(2)}`, `f_t`, `\tilde C_t`, `\hat y_1`;
- the same letter in bold, with or without index: `\mathbf h`;
- the loss `\mathcal L`, and `\delta`, the gradient at a pre-activation;
- `x`, `h` or `y`, when it is the whole formula.

Indices (`b_h`, `W_{h_t}`) and text are left alone. Braces keep a letter plain where it means something else: `{C}_2`.
"""

import re
import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from formula_fonts import Characters
from node import Node

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


class KaTeX:
    """One Node process for the whole build: a formula in, HTML with MathML out, a line each."""

    SCRIPT = """
        const katex = require(process.argv[1]);
        require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
          const { latex, displayMode } = JSON.parse(line);
          try {
            const html = katex.renderToString(latex, { displayMode, trust: true, strict: false });
            console.log(JSON.stringify({ html }));
          } catch (error) {
            console.log(JSON.stringify({ error: error.message }));
          }
        });
    """

    def __init__(self, dist):
        self.node = Node(dist, "-e", self.SCRIPT, dist / "katex.min.js")
        self.characters = Characters()  # what was drawn so far, for formula_fonts.py

    def render(self, latex, display):
        """The formula as HTML. Raises ValueError, with KaTeX's reason, when it cannot be read."""
        html = self.node.ask({"latex": colour(latex), "displayMode": display})["html"]
        self.characters.read(html)
        source = f'<annotation encoding="application/x-tex">{escape(latex)}</annotation>'  # as written, without colour
        return re.sub(r"<annotation.*?</annotation>", lambda _: source, html, flags=re.S)


class KeepPunctuation(SphinxPostTransform):
    """Hands the full stop after a formula to the formula: browsers would break the line between the two."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        for node in self.document.findall(nodes.math):
            text = node.next_node(descend=False, siblings=True)
            if isinstance(text, nodes.Text) and (mark := re.match(r"[.,;:!?)]+", text)):
                node["mark"] = mark[0]
                text.parent.replace(text, nodes.Text(text[mark.end() :]))


def visit_math(translator, node):
    html = f'<span class="math">{rendered(translator, node, display=False)}</span>'
    if mark := node.get("mark"):
        one_piece = html.count('<span class="base">') == 1  # a longer formula may break within
        html = f'<span class="nobr">{html}{mark}</span>' if one_piece else html + mark
    translator.body.append(html)
    raise nodes.SkipNode


def visit_math_block(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(rendered(translator, node, display=True))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>")
    raise nodes.SkipNode


def rendered(translator, node, display):
    try:
        return translator.builder.app.katex.render(node.astext(), display)
    except ValueError as reason:
        logger.warning("a formula cannot be read: %s", reason, location=node, type="formulas")
        return f"<code>{escape(node.astext())}</code>"


def start(app):
    if app.builder.format != "html":
        return
    dist = Path(app.srcdir).parent / "node_modules" / "katex" / "dist"
    app.katex = KaTeX(dist)
    app.config.html_static_path.append(str(copy_assets(dist, Path(app.doctreedir) / "katex")))
    app.add_css_file("katex/katex.css")


def copy_assets(dist, folder):
    """KaTeX's style sheet in a folder to serve, and of its fonts only woff2, which every browser in use reads."""
    served = folder / "katex"
    shutil.rmtree(folder, ignore_errors=True)
    (served / "fonts").mkdir(parents=True)
    for font in (dist / "fonts").glob("*.woff2"):
        shutil.copy(font, served / "fonts")
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css)
    (served / "katex.css").write_text(css, encoding="utf-8")
    return folder


def stop(app, exception):
    if hasattr(app, "katex"):
        app.katex.node.close()


def setup(app):
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.add_post_transform(KeepPunctuation)
    app.connect("builder-inited", start)
    app.connect("build-finished", stop)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
