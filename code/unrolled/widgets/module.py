"""What the browser gets of a widget: its JavaScript with the modules it shares in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
KIT = ("drawing", "labels", "controls", "picture")  # what every living picture is made with, in the order of need
IMPORT = re.compile(r'^import \{(?P<names>[^}]*)\} from "\./(?P<module>\w+)\.js";\n', re.M)
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}


def module(*files):
    """ES modules that import from each other, joined into one text, which every anywidget host can load.

    files: paths, the widget's own module last. Imports between the files go, and so does `export` but for the default.
    """
    text = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
    return re.sub(r"^export (?=function|const)", "", IMPORT.sub("", text), flags=re.M)


def script(*names):
    """The JavaScript of a living picture: the kit, then these modules of this folder, the picture's own last."""
    return module(*map(path, (*KIT, *names)))


def kit():
    """The kit by itself, for a page on which several pictures share it: a module that exports what its files do."""
    names = re.findall(r"^export (?:function|const) (\w+)", rules(*map(path, KIT)), flags=re.M)
    return f"{module(*map(path, KIT))}\nexport {{ {', '.join(names)} }};\n"


def without_kit(*names):
    """These modules of this folder, with the kit in a global `unrolled.kit`."""
    files = [*map(path, names)]
    asked = [each for each in IMPORT.finditer(rules(*files)) if each["module"] in KIT]
    used = sorted({name.strip() for each in asked for name in each["names"].split(",") if name.strip()})
    return f"const {{ {', '.join(used)} }} = unrolled.kit;\n{module(*files)}"


def path(name):
    return HERE / f"{name}.js"


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
