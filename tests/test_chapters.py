"""What a chapter says of itself, and that everything which repeats it is drawn from there or named here."""

import json

import pytest

import chapter_facts
import new_chapter
import notebooks
from built_site import BOOK, ROOT, soup
from chapter_facts import chapters

TEXT = """---
unrolled:
  number: 4c
  title: "A test: what for?"
  objectives:
  - say $W_R$ aloud
  - count to two
  afterwards: read [chapter 2](02_recurrent_neuron.ipynb) or the [words](../glossary.md) | both
  minutes: 7
  slides: all of them
---

## Text
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of one chapter, and no measured time."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "04c_test.md").write_text(TEXT)
    (tmp_path / "_toc.yml").write_text(
        "parts:\n  - chapters:\n      - file: chapters/04c_test\n      - file: glossary\n"
    )
    monkeypatch.setattr(chapter_facts, "RUN_TIMES", tmp_path / "run_times.json")
    return tmp_path


# --- the book as it is ----------------------------------------------------------------------------------------------


def test_every_text_of_a_chapter_is_in_the_contents():
    listed = chapter_facts.contents()
    for path in sorted((BOOK / "chapters").glob("*.md")):
        assert path.stem in listed, f"book/_toc.yml: add the line `- file: chapters/{path.stem}`, or remove {path.name}"
    assert [chapter.slug for chapter in chapters()] == listed
    assert listed == sorted(listed), "book/_toc.yml: the chapters stand in the order of their numbers"


def test_readme_lists_the_chapters():
    """The times in its table are measured: they may be of another day. Which chapters there are must be true."""

    def names(text):
        rows = text.partition(chapter_facts.MARKS[0])[2].partition(chapter_facts.MARKS[1])[0]
        return [row.split(" | ")[0] for row in rows.splitlines()]

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = chapter_facts.written_readme(text, chapters())
    assert names(text) == names(wanted), "README.md, the table of times: run `make notebooks`"


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.slug)
def test_the_pages_say_what_the_chapter_says(site, chapter):
    page = soup(site, chapter.page)
    assert page.find("h1").text.startswith(f"{chapter.number} · {chapter.title}")
    goals = page.select(".admonition.goal > ul li")
    assert len(goals) == len(chapter.objectives)
    assert f"about {chapter.minutes} minutes" in page.select_one(".admonition.goal").text
    tables = soup(site, "index").select("table")
    rows = [row for table in tables for row in table.select("tr") if row.select(f'a[href="{chapter.page}.html"]')]
    afterwards, *slides = (row.text for row in rows)
    assert afterwards.split()[0] == chapter.number
    assert chapter.title in afterwards
    assert len(slides) >= bool(chapter.slides)


def test_the_exercises_know_their_pages(site):
    models = json.loads(soup(site, "exercises").select_one("script.u-models").string)
    (listed,) = [model["state"]["chapters"] for model in models.values() if "chapters" in model["state"]]
    pages = chapter_facts.pages(chapters())
    for entry in listed:
        begin = entry["exercises"][0]["id"].partition("_")[0]
        assert [entry["chapter"], entry["title"], entry["page"]] == pages[begin]


# --- reading and drawing --------------------------------------------------------------------------------------------


def test_a_chapter_is_read_and_drawn(book):
    (chapter,) = chapters(book)
    assert (chapter.slug, chapter.number, chapter.needs) == ("04c_test", "4c", "")
    opening = chapter_facts.opening(chapter)
    assert opening.startswith("# 4c · A test: what for?\n\n:::{admonition} You will be able to\n")
    assert "- say $W_R$ aloud;\n- count to two.\n" in opening
    assert "**Time:** about 7 minutes to read and try. **Slides:** all of them.\n:::" in opening
    assert "You need" not in opening
    row = chapter_facts.index_table([chapter]).splitlines()[-1]
    links = "[chapter 2](chapters/02_recurrent_neuron.ipynb) or the [words](glossary.md) \\| both"
    assert row == f"| 4c | [A test: what for?](chapters/04c_test.ipynb) | read {links} |"
    slides = chapter_facts.slides_table([chapter]).splitlines()[-1]
    assert slides == "| All of them | [4c · A test: what for?](chapters/04c_test.ipynb) | 7 |"
    assert chapter_facts.pages([chapter]) == {"ch04c": ["4c", "A test: what for?", "chapters/04c_test"]}


def test_a_measured_time_is_said_and_a_missing_one_is_not(book):
    (chapter,) = chapters(book)
    said = chapter_facts.opening(chapter)
    assert "cells run" not in said
    assert "| 4c · A test: what for? | not measured yet |" in chapter_facts.readme_rows([chapter])[0]
    row = {"notebook": "04c_test", "seconds": 12.6, "MB": 1234}
    (book / "run_times.json").write_text(json.dumps({"notebooks": [row]}))
    now = chapter_facts.opening(chapter)
    assert "to read and try; the cells run in about 13 seconds on two CPU cores. **Slides" in now
    assert chapter_facts.without_measured(now) == said
    assert chapter_facts.readme_rows([chapter]) == ["| 4c · A test: what for? | 13 | 1,234 MB |\n"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  minutes: 7\n", "", "minutes: expected a whole number, got None"),
        ("minutes: 7", "minutes: about an hour", "minutes: expected a whole number, got 'about an hour'"),
        ("slides: all", "slide: all", "got slide"),
        ("number: 4c", "number: 4b", "number: expected 4c, got 4b"),
        ('"A test: what for?"', '""', "title: expected a text, got ''"),
        ("- count to two", "- count: two", "objectives: expected texts .*quotes"),
        ('"A test: what for?"', "A test: what for?", "is no YAML .*quotes"),
        ("unrolled:\n", "unroled:\n", "has no `unrolled:` block"),
    ],
)
def test_front_matter_that_says_too_little_is_told_where(book, old, new, words):
    assert old in TEXT
    (book / "chapters" / "04c_test.md").write_text(TEXT.replace(old, new, 1))
    with pytest.raises(ValueError, match=f"(?s)04c_test.md: .*{words}"):
        chapters(book)


def test_readme_without_its_marks_is_left_alone(book):
    with pytest.raises(ValueError, match=r"README.md: expected the rows of chapters between"):
        chapter_facts.written_readme("no table", chapters(book))


# --- a new chapter --------------------------------------------------------------------------------------------------


CONTENTS = """# Only what exists.
parts:
  - caption: Part I
    chapters:
      - file: chapters/01_one
      - file: chapters/04b_four
  - caption: At the back
    chapters:
      - file: glossary
"""


@pytest.mark.parametrize(
    ("slug", "order"),
    [
        ("00_test", ["00_test", "01_one", "04b_four"]),
        ("04a_more", ["01_one", "04a_more", "04b_four"]),
        ("99_end", ["01_one", "04b_four", "99_end"]),
    ],
)
def test_a_new_chapter_is_laid_out(tmp_path, slug, order):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    path = new_chapter.lay_out(slug, tmp_path)
    assert chapter_facts.contents(tmp_path) == order
    assert (tmp_path / "_toc.yml").read_text().replace(f"      - file: chapters/{slug}\n", "") == CONTENTS
    assert chapter_facts.read(path).number == {"00_test": "0", "04a_more": "4a", "99_end": "99"}[slug]
    with pytest.raises(ValueError, match="is there already"):
        new_chapter.lay_out(slug, tmp_path)


@pytest.mark.parametrize("slug", ["", "8_short", "08-dash", "08_Upper", "../08_x", "08_"])
def test_a_name_that_is_none_is_refused(tmp_path, slug):
    with pytest.raises(ValueError, match="SLUG: expected two digits and a name"):
        new_chapter.lay_out(slug, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_new_chapter_becomes_a_notebook_at_once(tmp_path, monkeypatch):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    monkeypatch.setattr(notebooks, "CHAPTERS", tmp_path / "chapters")
    source = new_chapter.lay_out("00_test", tmp_path)
    assert "executed" in notebooks.write(source, force=False)
    assert notebooks.stale(source) == ""
    stored = notebooks.read(source.with_suffix(".ipynb"))
    assert stored.cells[1].source.startswith("# 0 · Test\n")
    assert [output.text for cell in stored.cells for output in cell.get("outputs", [])] == ["(5, 3, 4)\n"]
