"""Lays out a new chapter: its text with front matter and one cell, and its line in `_toc.yml`.

make chapter SLUG=08_unrolling_in_code
"""

import sys

from chapter_facts import BOOK, SLUG, number

TEXT = """\
---
unrolled:
  number: {number}
  title: {title}
  objectives:
  - say what this chapter is about
  afterwards: do what this chapter teaches
  minutes: 10
jupytext:
  notebook_metadata_filter: unrolled
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

## A question

Begin with a question, or a failure, that makes the idea necessary.

```{{code-cell}} ipython3
import numpy as np

from unrolled import RNN, unroll

rng = np.random.default_rng(0)
xs = rng.normal(size=(5, 3, 2))  # (T, B, D)
ys, states = unroll(RNN(), RNN().init(rng, 2, 4), xs)
print(ys.shape)
assert ys.shape == (5, 3, 4)
```
"""


def with_line(toc, slug):
    """The text of `_toc.yml` with a line for the chapter, after the last chapter whose name comes before it."""
    lines = toc.splitlines(keepends=True)
    listed = {at: line.partition("chapters/")[2].strip() for at, line in enumerate(lines) if "file: chapters/" in line}
    if not listed:
        raise ValueError("_toc.yml: expected at least one line `- file: chapters/...` to put the new one beside")
    earlier = [at for at, other in listed.items() if other < slug]
    at = earlier[-1] + 1 if earlier else min(listed)
    indent = lines[min(listed)].partition("-")[0]
    return "".join([*lines[:at], f"{indent}- file: chapters/{slug}\n", *lines[at:]])


def lay_out(slug, book=BOOK):
    """Write the text and the line; return the text's path. Raises ValueError, and then writes nothing."""
    if not SLUG.fullmatch(slug):
        raise ValueError(f"SLUG: expected two digits and a name, such as 08_unrolling_in_code; got {slug!r}")
    text, toc = book / "chapters" / f"{slug}.md", book / "_toc.yml"
    if text.exists():
        raise ValueError(f"SLUG: {text.name} is there already")
    listed = with_line(toc.read_text(encoding="utf-8"), slug)
    title = slug.partition("_")[2].replace("_", " ").capitalize()
    text.write_text(TEXT.format(number=number(slug), title=title), encoding="utf-8")
    toc.write_text(listed, encoding="utf-8")
    return text


def main():
    try:
        text = lay_out(sys.argv[1] if len(sys.argv) > 1 else "")
    except ValueError as error:
        sys.exit(str(error))
    print(f"{text.relative_to(BOOK.parent)} and its line in book/_toc.yml: write, then `make notebooks`.")


if __name__ == "__main__":
    main()
