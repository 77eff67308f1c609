"""What the browser gets of a widget: its JavaScript with the modules it shares in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
KIT = ("drawing", "labels", "controls", "picture")  # what every living picture is made with, in the order of need
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}


def module(*files):
    """ES modules that import from each other, joined into one text, which every anywidget host can load.

    files: paths, the widget's own module last. Imports between the files go, and so does `export` but for the default.
    """
    text = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
    text = re.sub(r'^import \{[^}]*\} from "\./\w+\.js";\n', "", text, flags=re.M)
    return re.sub(r"^export (?=function|const)", "", text, flags=re.M)


def script(*names):
    """The JavaScript of a living picture: the kit, then these modules of this folder, the picture's own last."""
    return module(*(HERE / f"{name}.js" for name in (*KIT, *names)))


def sheets(*names):
    """The style sheets that lie beside the kit's modules and beside these, each once."""
    files = (HERE / f"{name}.css" for name in dict.fromkeys((*KIT, *names)))
    return [file for file in files if file.exists()]


def lighting():
    """While a quantity is lit (`data-lit`, which picture.js sets) whatever wears its colour or its name stands out."""

    def selector(*kinds):
        lit = (
            f'[data-lit="{name}"] :is(.q-{name}, [data-q="{name}"]){kind}' for name in palette.DASH for kind in kinds
        )
        return ",\n".join(lit)

    halo = "paint-order: stroke; stroke: color-mix(in srgb, currentColor 30%, var(--q-paper)); stroke-width: 5px;"
    ground = "background: color-mix(in srgb, currentColor 16%, transparent); border-radius: 3px;"
    return (
        f"{selector(':is(span, label, button, output)')} {{ {ground} }}\n"
        f"{selector(':is(text)')} {{ {halo} }}\n{selector(':is(.u-wire, .u-belt)')} {{ stroke-width: 4.5; }}\n"
        f"{selector(':is(rect, circle)')} {{ stroke: currentColor; stroke-width: 3; stroke-opacity: 1; }}\n"
    )


def rules(*files):
    """The style sheets `files` as one text."""
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in files)


def style(*files):
    """The style sheets `files` with the palette in front, for Jupyter."""
    dark = "".join(f"--q-{name}: {shade}; " for name, shade in palette.DARK.items())
    jupyter = (
        f":root {{ --u-surface: {SURFACE['light']}; }}\n"
        f'[data-jp-theme-light="false"], html[theme="dark"] {{ {dark}--u-surface: {SURFACE["dark"]}; }}\n'
    )
    return palette.css() + jupyter + rules(*files)
