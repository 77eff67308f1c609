"""What is kept of the reader's work on an exercise, and how it changes. `record.js` has the same rules for the page.

A record says whether the exercise is solved, how often it was tried, how many hints were read, whether the solution
was seen, what stands in the editor, and when that changed. Nothing here reads or writes a file.
"""

import math
import re

FORMAT, VERSION = "unrolled-progress", 1
BLANK = {"solved": False, "attempts": 0, "hints": 0, "shown": False, "draft": None, "when": ""}


def empty():
    return {"format": FORMAT, "version": VERSION, "exercises": {}}


def is_count(value):
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return whole and 0 <= value <= 1e6


def is_finite(value):
    try:
        return type(value) in (int, float) and math.isfinite(value)
    except OverflowError:
        return False


def is_settings(value):
    return type(value) is dict and all(
        type(name) is str and re.fullmatch("[A-Za-z][A-Za-z_]{0,39}", name) and is_finite(number)
        for name, number in value.items()
    )


def is_draft(value):
    return value is None or (type(value) is str and len(value) <= 1e5) or is_settings(value)


FIELDS = {
    "solved": ("true or false", lambda v: type(v) is bool),
    "attempts": ("a whole number", is_count),
    "hints": ("a whole number", is_count),
    "shown": ("true or false", lambda v: type(v) is bool),
    "draft": ("text, null or an object of numbers", is_draft),
    "when": ("text", lambda v: type(v) is str and len(v) <= 40),
}


def is_id(value):
    return type(value) is str and re.fullmatch("[a-z][a-z0-9_]{0,79}", value) is not None


def problem(data):
    """What is wrong with a progress file, as a sentence that names the place; an empty string when nothing is."""
    if type(data) is not dict:
        return "This is not a progress file: it should hold one object."
    if data.get("format") != FORMAT:
        return f'This is not a progress file: `format` should be "{FORMAT}".'
    if type(data.get("version")) not in (int, float) or data["version"] != VERSION:
        return f"This progress file is of another version: `version` should be {VERSION}."
    if type(data.get("exercises")) is not dict:
        return "`exercises` should be an object."
    for id, record in data["exercises"].items():
        if not is_id(id):
            return "`exercises` holds a name that no exercise can have."
        if type(record) is not dict:
            return f"`exercises.{id}` should be an object."
        for name, (words, fits) in FIELDS.items():
            if name in record and not fits(record[name]):
                return f"`exercises.{id}.{name}` should be {words}."
    return ""


def applied(record, change, when):
    """The record after a change: {passed} is one more attempt; {hints}, {shown} and {draft} say what they say."""
    after = BLANK | (record or {}) | {"when": when}
    if "passed" in change:
        after["attempts"] += 1
        after["solved"] = after["solved"] or (change["passed"] and not after["shown"])
    after["hints"] = max(after["hints"], change.get("hints", 0))
    after["shown"] = after["shown"] or (change.get("shown", False) and not after["solved"])
    if "draft" in change:
        after["draft"] = change["draft"]
    return after


def is_change(change):
    """Is this a change that a widget may ask for?"""
    fits = {name: FIELDS[name][1] for name in ("hints", "shown", "draft")} | {"passed": FIELDS["solved"][1]}
    return type(change) is dict and all(name in fits and fits[name](value) for name, value in change.items())


def merged(one, other):
    """Both together: nothing that either of them knows is lost; the later draft wins."""
    exercises = dict(one["exercises"])
    for id, record in other["exercises"].items():
        a, b = BLANK | exercises.get(id, {}), BLANK | record
        early, late = (a, b) if b["when"] >= a["when"] else (b, a)
        exercises[id] = {
            "solved": a["solved"] or b["solved"],
            "attempts": max(a["attempts"], b["attempts"]),
            "hints": max(a["hints"], b["hints"]),
            "shown": a["shown"] or b["shown"],
            "draft": early["draft"] if late["draft"] is None else late["draft"],
            "when": late["when"],
        }
    return one | {"exercises": exercises}
