"""Figures as SVG that follow light and dark: every palette colour becomes a CSS variable.

Standing alone (a notebook, GitHub) the SVG shows the light shades on white; inside a page of the book the
variables take over. Text stays text, in the page's own font.
"""

import io
import re

import matplotlib
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from unrolled.palette import DARK, LIGHT

FONT = "var(--q-font, system-ui, sans-serif)"
STYLE = {
    "svg.fonttype": "none",
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "figure.facecolor": LIGHT["paper"],
    "axes.facecolor": "none",
    "axes.edgecolor": LIGHT["muted"],
    "axes.labelcolor": LIGHT["ink"],
    "axes.titlecolor": LIGHT["ink"],
    "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["muted"],
    "ytick.color": LIGHT["muted"],
    "xtick.labelcolor": LIGHT["ink"],
    "ytick.labelcolor": LIGHT["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": LIGHT["grid"],
    "axes.axisbelow": True,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "image.interpolation": "none",
}


def subplots(*args, width=5.2, height=3.0, **kwargs):
    """`plt.subplots` in the book's style, which then stays on for what is drawn into the figure.

    Width and height in inches; 5.2 inches is the reading column.
    """
    matplotlib.rcParams.update(STYLE)
    return plt.subplots(*args, figsize=(width, height), layout="constrained", **kwargs)


def ramp(name):
    """A colour map from nothing to a quantity's colour. It is see-through, so it works on light and on dark ground."""
    middle = (np.array(to_rgb(LIGHT[name])) + np.array(to_rgb(DARK[name]))) / 2
    return LinearSegmentedColormap.from_list(name, [(*middle, 0.0), (*middle, 1.0)])


def show(fig, alt):
    """Display the figure as SVG with its alternative text, and close it.

    fig: a Matplotlib figure. alt: what a reader who cannot see the figure needs to know, a sentence or two.
    Raises ValueError when alt is empty.
    """
    from IPython.display import display

    if not alt.strip():
        raise ValueError("alt: expected a sentence that says what the figure shows, got an empty string")
    display({"image/svg+xml": svg(fig, alt), "text/plain": f"Figure: {alt}"}, raw=True)
    plt.close(fig)


def svg(fig, alt):
    """The figure as an SVG string: the same figure and alt text give the same bytes."""
    buffer = io.StringIO()
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": alt}):
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.S)  # <style> would hit the page
    text = re.sub(r'<g id="[a-z0-9.]+(_\d+)+">', "<g>", text)  # ids such as axes_1 would clash between figures
    text = re.sub(r'(font-family|font): ([^;"]*?)\'DejaVu Sans\'[^;"]*', rf"\1: \2{FONT}", text)
    text = re.sub(r' (?:d|x|y|transform)="[^"]*"', lambda a: re.sub(r"(\.\d\d)\d+", r"\1", a[0]), text)
    for name, shade in LIGHT.items():
        text = text.replace(shade, f"var(--q-{name}, {shade})")
    escaped = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{escaped}" style="stroke-linejoin: round" ', 1)
    return "\n".join(line.rstrip() for line in text.splitlines())
