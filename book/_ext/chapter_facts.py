"""What a chapter says of itself, in its front matter, and everything that is drawn from it.

The chapters are those of `_toc.yml`, in its order. From here come a chapter's opening, the tables of the index, the
pages that the exercises belong to, and README's table of times. How long a chapter runs is measured, not said: it
comes from benchmarks/results/run_times.json, and is left out where that has no row.
"""

import json
import posixpath
import re
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
RUN_TIMES = ROOT / "benchmarks" / "results" / "run_times.json"
SLUG = re.compile(r"(\d\d[a-z]?)_[a-z0-9_]+")
MARKS = "<!-- the chapters: `make notebooks` writes these rows -->\n", "<!-- the end of the chapters -->"
MEASURED = "; the cells run in about {:.0f} seconds on two CPU cores"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter's front matter under `unrolled:`, in Markdown.

    slug: the file's name without .md. number: as readers see it, "4a". objectives: what follows "You will be able to".
    afterwards: the same in one line, for the index. needs: what follows "You need". minutes: to read and try.
    slides: those of the deck that it covers. Links are seen from book/chapters/.
    """

    slug: str
    number: str
    title: str
    objectives: list[str]
    afterwards: str
    minutes: int
    needs: str = ""
    slides: str = ""

    @property
    def page(self):
        return f"chapters/{self.slug}"


KINDS = {field.name: getattr(field.type, "__origin__", field.type) for field in fields(Chapter)}


def front_matter(path):
    """The front matter of a text as a dict. Raises ValueError, naming the file, where it cannot be read."""
    found = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), re.S)
    try:
        matter = yaml.safe_load(found[1]) if found else {}
    except yaml.YAMLError as error:
        hint = "text with a colon in it stands between quotes"
        raise ValueError(f"{path.name}: its front matter is no YAML ({hint}): {error}") from error
    return matter if isinstance(matter, dict) else {}


def read(path):
    """The Chapter of one text. Raises ValueError that names the file and the key."""
    facts = front_matter(path).get("unrolled")
    if not isinstance(facts, dict):
        raise ValueError(f"{path.name}: its front matter has no `unrolled:` block; CONTRIBUTING.md shows one")
    facts = {"slug": path.stem} | facts
    facts["number"] = str(facts.get("number", ""))
    if unknown := facts.keys() - KINDS.keys():
        raise ValueError(f"{path.name}: unrolled: expected {', '.join(KINDS)}; got {', '.join(map(str, unknown))}")
    for name, kind in KINDS.items():
        optional = name in ("needs", "slides")
        value = facts.get(name, "" if optional else None)
        if type(value) is not kind or not (value or optional):
            expected = {"str": "a text", "int": "a whole number", "list": "a list of texts"}[kind.__name__]
            raise ValueError(f"{path.name}: unrolled: {name}: expected {expected}, got {value!r}")
    if any(type(each) is not str for each in facts["objectives"]):
        hint = "one with a colon in it stands between quotes"
        raise ValueError(f"{path.name}: unrolled: objectives: expected texts ({hint}), got {facts['objectives']!r}")
    if not SLUG.fullmatch(path.stem) or facts["number"] != number(path.stem):
        expected = number(path.stem) if SLUG.fullmatch(path.stem) else "a file named as 04a_language_model.md"
        raise ValueError(f"{path.name}: unrolled: number: expected {expected}, got {facts['number']}")
    return Chapter(**facts)


def number(slug):
    """The number in a file's name as readers see it: "4a" for "04a_language_model"."""
    return SLUG.fullmatch(slug)[1].lstrip("0") or "0"


def contents(book=BOOK):
    """The slugs of the chapters that `_toc.yml` lists, in its order."""
    toc = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [file.removeprefix("chapters/") for file in files if file.startswith("chapters/")]


def chapters(book=BOOK):
    """All chapters of the book as a list, in its order."""
    return [read(book / "chapters" / f"{slug}.md") for slug in contents(book)]


def run_times():
    """What benchmarks/run_times.py found: {slug: row}; empty where nothing was measured yet."""
    if not RUN_TIMES.exists():
        return {}
    return {row["notebook"]: row for row in json.loads(RUN_TIMES.read_text(encoding="utf-8"))["notebooks"]}


# --- what is drawn --------------------------------------------------------------------------------------------------


def opening(chapter):
    """The chapter's title, and the box with what it gives and takes, in MyST Markdown."""
    *others, last = chapter.objectives
    goals = "\n".join([*(f"- {goal};" for goal in others), f"- {last}."])
    row = run_times().get(chapter.slug)
    measured = MEASURED.format(row["seconds"]) if row else ""
    facts = [
        f"**You need** {chapter.needs}." if chapter.needs else "",
        "Words are explained in the [glossary](../glossary.md).",
        f"**Time:** about {chapter.minutes} minutes to read and try{measured}.",
        f"**Slides:** {chapter.slides}." if chapter.slides else "",
    ]
    box = f":::{{admonition}} You will be able to\n:class: goal\n\n{goals}\n\n{' '.join(filter(None, facts))}\n:::"
    return f"# {chapter.number} · {chapter.title}\n\n{box}"


def without_measured(text):
    """A chapter's text without how long it ran: a new measurement makes nothing stale."""
    before, after = map(re.escape, MEASURED.split("{:.0f}"))
    return re.sub(rf"{before}\d+{after}", "", text)


def from_root(markdown):
    """Markdown of a chapter for a page in book/: its links lead to the same places."""
    link = re.compile(r"\]\((?!\w+:|#|/)([^)]+)\)")
    return link.sub(lambda found: f"]({posixpath.normpath(f'chapters/{found[1]}')})", markdown)


def table(head, rows):
    cells = [[from_root(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in cells)])


def index_table(chapters):
    head = ["| | chapter | what you can do afterwards |", "|---|---|---|"]
    return table(head, [[c.number, f"[{c.title}]({c.slug}.ipynb)", c.afterwards] for c in chapters])


def slides_table(chapters):
    head = ["| slides | chapter | minutes |", "|---|---|--:|"]
    rows = []
    for c in (c for c in chapters if c.slides):
        rows.append([c.slides[0].upper() + c.slides[1:], f"[{c.number} · {c.title}]({c.slug}.ipynb)", str(c.minutes)])
    return table(head, rows)


def pages(chapters):
    """Where the exercises of a chapter are: {how their ids begin: [number, title, page]}."""
    return {f"ch{c.slug.partition('_')[0]}": [c.number, c.title, c.page] for c in chapters}


# --- README ---------------------------------------------------------------------------------------------------------


def readme_rows(chapters):
    measured = run_times()
    rows = []
    for chapter in chapters:
        row = measured.get(chapter.slug)
        found = f"{row['seconds']:.0f} | {row['MB']:,} MB" if row else "not measured yet | "
        rows.append(f"| {chapter.number} · {chapter.title} | {found} |\n")
    return rows


def written_readme(text, chapters):
    """README with its rows of chapters written anew. Raises ValueError where the marks around them are gone."""
    before, first, rest = text.partition(MARKS[0])
    _, last, after = rest.partition(MARKS[1])
    if not first or not last:
        raise ValueError(f"README.md: expected the rows of chapters between {MARKS[0].strip()} and {MARKS[1]}")
    head = "| chapter | seconds | memory |\n|---|--:|--:|\n"
    return f"{before}{first}{head}{''.join(readme_rows(chapters))}{last}{after}"
