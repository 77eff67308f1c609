"""The book's palette (`unrolled.palette`) in the site: its style sheet, and the directive `palette` that shows it.

The style sheet also says how code is coloured on paper, where a reader in dark mode needs the light shades.
"""

from pathlib import Path

from docutils import nodes
from pygments.formatters import HtmlFormatter
from sphinx.util.docutils import SphinxDirective

from unrolled import palette

NAMES = {
    "x": "input",
    "h": "hidden state",
    "y": "output",
    "C": "cell state",
    "f": "forget gate",
    "i": "input gate",
    "g": "candidate",
    "o": "output gate",
    "z": "update gate",
    "r": "reset gate",
    "loss": "loss",
    "gradient": "gradient",
}
DASHES = {"-": (), "--": (3.7, 1.6), ":": (1, 1.65), "-.": (6.4, 1.6, 1, 1.6)}  # what Matplotlib draws for its names


class Palette(SphinxDirective):
    """A table with every quantity's name, colour and line style."""

    def run(self):
        self.env.note_dependency(palette.__file__)
        rows = "".join(f"<tr><td>{NAMES[name]}</td><td>{line(name)}</td>{code(name)}</tr>" for name in NAMES)
        head = "<thead><tr><th>quantity</th><th>in plots</th><th>in code</th></tr></thead>"
        return [nodes.raw("", f'<table class="table">{head}<tbody>{rows}</tbody></table>', format="html")]


def line(name):
    dash = palette.DASH[name]
    lengths = DASHES[dash] if isinstance(dash, str) else dash[1]
    dashes = " ".join(f"{2.5 * length:g}" for length in lengths) or "none"
    return (
        f'<svg width="96" height="12" viewBox="0 0 96 12" aria-hidden="true"><path d="M0 6h96" class="q-{name}" '
        f'stroke="currentColor" stroke-width="2.5" stroke-dasharray="{dashes}"/></svg>'
    )


def code(name):
    return f'<td><code class="q-{name}">{name}</code></td>'


def add_style_sheet(app):
    folder = Path(app.doctreedir) / "palette"
    folder.mkdir(parents=True, exist_ok=True)
    code = HtmlFormatter(style=app.config.html_theme_options["pygments_light_style"])
    on_paper = f"@media print {{\n{code.get_style_defs('html[data-theme] .highlight')}\n}}\n"
    (folder / "palette.css").write_text(palette.css() + on_paper, encoding="utf-8")
    app.config.html_static_path.append(str(folder))
    app.add_css_file("palette.css", priority=400)


def setup(app):
    app.add_directive("palette", Palette)
    app.connect("builder-inited", add_style_sheet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
