"""What the browser gets: a widget's JavaScript with the shared drawing module in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}


def module(file):
    """The ES module `file` with what it imports from drawing.js: one text, which every anywidget host can load."""
    shared = (HERE / "drawing.js").read_text(encoding="utf-8")
    own = Path(file).read_text(encoding="utf-8")
    own, imports = re.subn(r'^import \{[^}]*\} from "\./drawing\.js";\n', "", own)
    return re.sub(r"^export (?=function|const)", "", shared, flags=re.M) + own if imports else own


def style(*files):
    """The style sheets `files` with the palette in front, for Jupyter."""
    dark = "".join(f"--q-{name}: {shade}; " for name, shade in palette.DARK.items())
    jupyter = (
        f":root {{ --u-surface: {SURFACE['light']}; }}\n"
        f'[data-jp-theme-light="false"], html[theme="dark"] {{ {dark}--u-surface: {SURFACE["dark"]}; }}\n'
    )
    return palette.css() + jupyter + "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
