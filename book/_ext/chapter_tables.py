"""Draws a table of all chapters from what they say of themselves: ```{chapters} index``` or ```{chapters} slides```."""

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import chapter_facts

TABLES = {"index": chapter_facts.index_table, "slides": chapter_facts.slides_table}


class Chapters(SphinxDirective):
    required_arguments = 1

    def run(self):
        if self.arguments[0] not in TABLES:
            raise self.error(f"chapters: expected one of {', '.join(TABLES)}; got {self.arguments[0]}")
        chapters = chapter_facts.chapters()
        self.env.note_dependency(str(chapter_facts.BOOK / "_toc.yml"))
        for chapter in chapters:
            self.env.note_dependency(str(chapter_facts.BOOK / f"{chapter.page}.md"))
        drawn = nodes.Element()
        lines = TABLES[self.arguments[0]](chapters).splitlines()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, drawn)
        return drawn.children


def setup(app):
    app.add_directive("chapters", Chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
