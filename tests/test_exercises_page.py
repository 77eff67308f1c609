"""The exercises in the built page, in a real browser: every recorded answer, right and wrong, and what is kept."""

import json
import re

import pytest

import chapter_facts
from built_site import ALL_OF_IT, BOOK, CHAPTERS, RECURRENT, soup, visit
from unrolled import exercises

BANK = exercises.bank()
WIDGET = "ExerciseWidget"


def on_page(site, chapter):
    """The exercises of a chapter's page by their id: {id: the model id of the picture, or None}."""
    stored = soup(site, chapter).select_one("script.u-models")
    models = json.loads(stored.string).values() if stored else ()
    states = [model["state"] for model in models if model["module"] == WIDGET]
    return {state["exercise"]["id"]: state["picture"].removeprefix("IPY_MODEL_") or None for state in states}


class Card:
    """An exercise on a page, as a reader handles it."""

    def __init__(self, page, id, picture=None):
        self.page, self.exercise, self.picture, self.id = page, BANK[id], picture, f"exercise-{id}"
        # not by the locator: the static drawing is replaced by the living widget while it scrolls
        place = "document.getElementById(id).closest('.u-widget')"
        page.evaluate(f"id => {place}.scrollIntoView({{ block: 'center' }})", self.id)
        page.wait_for_function("id => document.getElementById(id)?.closest('.u-live')", arg=self.id)
        if not page.evaluate("!!document.querySelector('style.all-of-it')"):  # the page keeps its length while scrolled
            page.add_style_tag(content=ALL_OF_IT).evaluate("style => { style.className = 'all-of-it'; }")
        self.root = page.locator(f"#{self.id}")

    def answer(self, value):
        kind = self.exercise.kind
        if kind == "choose":
            self.root.locator(f"input[value={value}]").check()
        elif kind == "compute":
            self.root.locator(".u-number input").fill(str(value))
        elif kind == "tune":
            self.page.wait_for_selector(f"[data-model='{self.picture}'].u-live", state="attached")
            self.page.evaluate(
                "([id, settings]) => Object.entries(settings).forEach(([k, v]) => unrolled.models[id].set(k, v))",
                [self.picture, self.exercise.start | value],
            )
        else:
            self.root.locator("textarea").fill(value)
        return self

    def check(self):
        self.root.get_by_role("button", name="Check", exact=True).click()
        return self

    @property
    def reply(self):
        return self.root.locator(".u-reply").inner_text().strip()

    @property
    def standing(self):
        return self.root.locator(".u-standing").inner_text()


def words(text):
    """A reply as the page shows it: without backticks, subscripts for underscores, marks and line breaks."""
    return re.sub(r"[\s`✓✗_]+", "", text)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_shows_the_exercises_that_its_text_asks_for(site, chapter):
    asked = re.findall(r"exercises\.show\(\"(\w+)\"\)", (BOOK / f"{chapter}.md").read_text())
    assert sorted(on_page(site, chapter)) == sorted(asked)
    begin = chapter_facts.pages([chapter_facts.read(BOOK / f"{chapter}.md")])
    assert {id.partition("_")[0] for id in asked} <= begin.keys(), "an exercise's id begins with its chapter's number"


def test_every_exercise_of_the_bank_is_in_a_chapter(site):
    assert {id for chapter in CHAPTERS for id in on_page(site, chapter)} == set(BANK)


# Give one answer after the other as a reader does, and hear what is replied: [[reply, standing], …].
ANSWER = """([id, kind, picture, answers]) => {
  const card = document.getElementById(id), find = (css) => card.querySelector(css);
  const fire = (element, type) => element.dispatchEvent(new Event(type, { bubbles: true }));
  const give = {
    choose: (letter) => find(`input[value="${letter}"]`).click(),
    compute: (text) => { find(".u-number input").value = text; fire(find(".u-number input"), "input"); },
    tune: (settings) => Object.entries(settings).forEach(([k, v]) => unrolled.models[picture].set(k, v)),
  };
  return answers.map((answer) => {
    give[kind](answer);
    find(".u-check").click();
    return [find(".u-reply").innerText, find(".u-standing").innerText];
  });
}"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_recorded_answer_hears_its_reply(browser, address, site, chapter):
    """Every wrong one, then the right one; all of it is there after a reload."""
    cards = {id: picture for id, picture in on_page(site, chapter).items() if BANK[id].kind != "write"}
    with visit(browser, f"{address}/{chapter}.html") as seen:
        for id, picture in cards.items():
            card, kind = Card(seen.page, id, picture), BANK[id].kind
            assert card.standing == "○ not tried yet"
            answers = [*(answer for answer, *_ in BANK[id].wrong), BANK[id].answer]
            if kind == "tune":
                seen.page.wait_for_selector(f"[data-model='{picture}'].u-live", state="attached")
            given = {"tune": lambda it, id=id: BANK[id].start | it, "compute": str}.get(kind, lambda it: it)
            *wrong, last = seen.page.evaluate(ANSWER, [card.id, kind, picture, [given(it) for it in answers]])
            for answer, (reply, standing) in zip(answers, wrong, strict=False):
                assert words(reply) == words(exercises.grade(id, answer).reply)
                assert "solved" not in standing
            assert f"tried {len(wrong)} times" in wrong[-1][1]
            assert words(last[0]).startswith(words(exercises.grade(id, BANK[id].answer).reply))
            assert last[1] == "✓ solved"
        seen.page.reload()
        for id, picture in cards.items():  # the answers are kept, and so is what was solved
            card = Card(seen.page, id, picture)
            assert card.standing == "✓ solved"
            if BANK[id].kind == "compute":
                assert float(card.root.locator(".u-number input").input_value()) == BANK[id].answer
        assert not seen.complaints
        assert not seen.foreign


def test_hints_then_solution(browser, address, site):
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "compute")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        card = Card(seen.page, id)
        assert not card.root.get_by_text("Hint 2 of").is_visible()
        card.root.get_by_text("Hint 1 of").click()
        card.root.get_by_text("Hint 2 of").click()
        card.root.locator(".u-solution summary").click()
        seen.page.wait_for_function(
            "id => /solution seen/.test(document.getElementById(id).innerText)", arg=f"exercise-{id}"
        )
        card.answer(BANK[id].answer).check()
        assert "solution seen" in card.standing  # right, but not by the reader's own effort


def test_what_is_no_answer_is_no_attempt(browser, address, site):
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "compute")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        card = Card(seen.page, id)
        for text in ["", "  ", "half", "1/0", "nan", "1e999", "٣", "<b>0</b>", "0; alert(1)", "9" * 5000]:
            card.answer(text).check()
            assert card.reply
            assert card.standing in ("○ not tried yet", "… tried once")
        assert not seen.complaints


def test_by_keyboard_alone(browser, address, site):
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "choose")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        card = Card(seen.page, id)
        card.root.locator("input[type=radio]").first.focus()
        for _ in range("abcdef".index(BANK[id].answer)):
            seen.page.keyboard.press("ArrowDown")
        if BANK[id].answer == "a":
            seen.page.keyboard.press("Space")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        assert card.standing == "✓ solved"


def test_without_storage_the_reader_is_told_and_goes_on(browser, address, site):
    blocked = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "compute")
    with visit(browser, "about:blank") as seen:
        seen.page.add_init_script(blocked)
        seen.page.goto(f"{address}/{RECURRENT}.html")
        card = Card(seen.page, id)
        assert words(card.answer(BANK[id].answer).check().reply) == words(exercises.grade(id, BANK[id].answer).reply)
        assert "keeps no data" in card.root.locator(".u-notice").inner_text()


def test_damaged_storage_is_set_aside(browser, address, site):
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "compute")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        seen.page.evaluate("localStorage.setItem('unrolled:progress', '{\"format\": \"unrolled-prog')")
        seen.page.reload()
        card = Card(seen.page, id)
        assert card.answer(BANK[id].answer).check().standing == "✓ solved"
        assert seen.page.evaluate("localStorage.getItem('unrolled:progress:damaged')") == '{"format": "unrolled-prog'
        assert not seen.complaints


def test_two_tabs_do_not_undo_each_other(browser, address, site):
    one, other = [id for id in on_page(site, RECURRENT) if BANK[id].kind in ("choose", "compute")][:2]
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        second = seen.page.context.new_page()
        second.goto(f"{address}/{RECURRENT}.html")
        Card(seen.page, one).answer(BANK[one].answer).check()
        Card(second, other).answer(BANK[other].answer).check()
        kept = seen.page.evaluate("JSON.parse(localStorage.getItem('unrolled:progress')).exercises")
        assert kept[one]["solved"] and kept[other]["solved"]


def test_progress_over_the_course(browser, address, site, tmp_path):
    """Solved in a chapter, seen on the page of exercises; exported, forgotten, imported again; bad files refused."""
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "compute")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        page = seen.page
        Card(page, id).answer(BANK[id].answer).check()
        page.goto(f"{address}/exercises.html")
        view = page.locator(".u-progress")
        page.wait_for_function("() => document.querySelector('.u-live .u-progress')")
        count = view.locator(".u-count")
        assert count.inner_text() == f"1 of {len(BANK)} exercises solved."
        with page.expect_download() as download:
            view.get_by_role("button", name="Export").click()
        exported = tmp_path / "exported.json"
        download.value.save_as(exported)
        assert json.loads(exported.read_text())["exercises"][id]["solved"] is True

        view.get_by_role("button", name="Reset").click()
        view.get_by_role("button", name="Keep it").click()
        assert count.inner_text().startswith("1 of")
        view.get_by_role("button", name="Reset").click()
        view.get_by_role("button", name="Forget it").click()
        assert count.inner_text().startswith("0 of")

        bad = tmp_path / "bad.json"
        for text in [
            "",
            "[]",
            "{",
            '{"format": "other"}',
            '{"format": "unrolled-progress", "version": 1, "exercises": {"x": 3}}',
        ]:
            bad.write_text(text)
            view.locator("input[type=file]").set_input_files(bad)
            view.get_by_text("Nothing was imported").wait_for()
            assert count.inner_text().startswith("0 of")
        view.locator("input[type=file]").set_input_files(exported)
        page.wait_for_function("() => /^1 of/.test(document.querySelector('.u-progress .u-count').textContent)")
        view.get_by_role("link", name=BANK[id].title).click()
        page.wait_for_url(f"**/{RECURRENT}.html#exercise-{id}")
        assert Card(page, id).standing == "✓ solved"
        assert not seen.complaints
        assert not seen.foreign


@pytest.mark.slow
def test_a_written_answer_runs_in_the_page(browser, address, site):
    """Right, a recorded mistake, an exception, and a loop without end; the draft survives a reload."""
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "write")
    exercise = BANK[id]
    mistake, reply = exercise.mistakes()[0]
    head = "import numpy as np\n\n\n"
    mistaken, right = head + mistake, head + exercise.data()["code"]

    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        card = Card(seen.page, id)

        def answer(code):
            card.answer(code).check()
            card.root.get_by_role("button", name="Check", exact=True).wait_for(timeout=90_000)
            return words(card.reply)

        assert words(reply) in answer(mistaken)
        assert "notdefined" in answer(head + f"def {exercise.function}(*a):\n    return nothing_here\n")
        assert "5seconds" in answer(head + f"def {exercise.function}(*a):\n    while True: pass\n")
        assert answer(right).startswith(words(exercise.right))
        assert card.standing == "✓ solved"
        seen.page.reload()
        card = Card(seen.page, id)
        assert card.root.locator("textarea").input_value() == right
        assert card.standing == "✓ solved"
        assert not seen.complaints
        assert not seen.foreign


def test_a_written_answer_in_a_folder_is_told_where_it_can_be_checked(browser, site):
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "write")
    with visit(browser, (site / f"{RECURRENT}.html").as_uri()) as seen:
        card = Card(seen.page, id).check()
        card.root.get_by_text("Colab and Binder can check it").wait_for()
        assert card.standing == "○ not tried yet"


def test_the_editor_keeps_its_keys(browser, address, site):
    """Tab indents, Esc and then Tab leave, Enter keeps the indentation, Ctrl+Enter checks, Reset can be taken back."""
    id = next(id for id in on_page(site, RECURRENT) if BANK[id].kind == "write")
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        card, keys = Card(seen.page, id), seen.page.keyboard
        area = card.root.locator("textarea")
        area.fill("")
        keys.type("def f(x):\nif x:\nreturn x")
        assert area.input_value() == "def f(x):\n    if x:\n        return x"
        keys.press("Tab")
        assert area.input_value().endswith("return x    ")
        keys.press("Control+z")
        assert len(area.input_value()) < 20, "what the editor inserts can be undone, as what is typed can"
        keys.press("Control+Shift+z")
        assert area.input_value().endswith("return x    ")
        kept = area.input_value()
        keys.press("Escape")
        keys.press("Tab")
        assert card.root.get_by_role("button", name="Check", exact=True).evaluate("e => e === document.activeElement")
        keys.press("Shift+Tab")
        assert area.evaluate("e => e === document.activeElement")
        assert area.input_value() == kept
        card.root.get_by_role("button", name="Reset to the start").click()
        assert area.input_value() == BANK[id].starter
        card.root.get_by_role("button", name="Back to my code").click()
        assert area.input_value() == kept
        seen.settle()  # a draft is kept after a short pause
        seen.page.reload()
        assert Card(seen.page, id).root.locator("textarea").input_value() == kept
