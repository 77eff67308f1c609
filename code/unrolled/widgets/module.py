"""What the browser gets: a widget's JavaScript with the modules it shares in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}


IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', flags=re.M)
DECLARED = re.compile(r"^(?:export )?(?:(?:async )?function|class|const|let) (\w+|[\[{][^=]*[\]}])", flags=re.M)


def module(*files):
    """ES modules joined into one text, which every anywidget host can load.

    files: paths, the widget's own module last. What they import from files beside them comes along, each file once
    and before those that need it. Imports between the files go, and so does `export` but for the default.
    Raises ValueError when two files declare the same name at their top.
    """
    texts, owners = {}, {}

    def add(file):
        if file not in texts:
            text = texts[file] = Path(file).read_text(encoding="utf-8")
            for other in IMPORT.findall(text):
                add(file.parent / other)
            texts[file] = texts.pop(file)  # behind what it needs

    for file in files:
        add(Path(file))
    for file, text in texts.items():
        for name in re.findall(r"\w+(?=[ ]*[,}\]]|$)", "\n".join(DECLARED.findall(text)), flags=re.M):
            if owners.setdefault(name, file) != file:
                raise ValueError(f"{file.name}: {name} is declared at the top of {owners[name].name} too")
    text = IMPORT.sub("", "\n".join(texts.values()))
    return re.sub(r"^export (?=function|async function|class|const)", "", text, flags=re.M)


def style(*files):
    """The style sheets `files` with the palette in front, for Jupyter."""
    dark = "".join(f"--q-{name}: {shade}; " for name, shade in palette.DARK.items())
    jupyter = (
        f":root {{ --u-surface: {SURFACE['light']}; }}\n"
        f'[data-jp-theme-light="false"], html[theme="dark"] {{ {dark}--u-surface: {SURFACE["dark"]}; }}\n'
    )
    return palette.css() + jupyter + "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
