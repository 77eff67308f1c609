"""What the browser gets: a widget's JavaScript with the modules it shares in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}


def module(*files):
    """ES modules that import from each other, joined into one text, which every anywidget host can load.

    files: paths, the widget's own module last. Imports between the files go, and so does `export` but for the default.
    """
    text = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
    text = re.sub(r'^import \{[^}]*\} from "\./\w+\.js";\n', "", text, flags=re.M)
    return re.sub(r"^export (?=function|const)", "", text, flags=re.M)


def style(*files):
    """The style sheets `files` with the palette in front, for Jupyter."""
    dark = "".join(f"--q-{name}: {shade}; " for name, shade in palette.DARK.items())
    jupyter = (
        f":root {{ --u-surface: {SURFACE['light']}; }}\n"
        f'[data-jp-theme-light="false"], html[theme="dark"] {{ {dark}--u-surface: {SURFACE["dark"]}; }}\n'
    )
    return palette.css() + jupyter + "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
