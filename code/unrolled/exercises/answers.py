"""Judges a letter, a number or settings against the sealed answers. `answers.js` does the same in the page.

Right answers are stored as salted hashes, so that nobody reads them by accident while looking at the page's source.
That is all: whoever wants to can try all answers, or read the solution a few lines further down.
"""

import math
import re

LETTERS = "abcdefgh"
SPACE = " \t\r\n\u00a0\u2007\u2009\u202f"
NUMBER = r"[0-9]+(?:[.,][0-9]*)?(?:e[+-]?[0-9]+)?|[.,][0-9]+(?:e[+-]?[0-9]+)?"
TYPED = re.compile(rf"([+-]?)(?:({NUMBER})|ln({NUMBER})|ln\(({NUMBER})\))(?:/({NUMBER}))?")
EXPECTED = "expected a number such as 0.41, -1/3 or 1e-3"


def seal(salt, text):
    """FNV-1a, 64 bits, of "salt:text" in UTF-8, as 16 hexadecimal digits. Fowler, Noll, Vo (1991)."""
    value = 0xCBF29CE484222325
    for byte in f"unrolled:{salt}:{text}".encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def grid(tolerance):
    """The grid on which numbers are compared: its step, and how many steps away still count as equal.

    With five steps to the tolerance every number within the tolerance is accepted, and none that is more than 1.2
    tolerances away: rounding never costs a reader whose number lies exactly on the edge.
    """
    return (tolerance / 5, 5) if tolerance else (1e-6, 0)


def place(value, step):
    """The grid point nearest to value, halves upwards; None where the grid is finer than a float can tell."""
    number = value / step + 0.5
    return math.floor(number) if abs(number) < 2**53 else None


def sealed_number(salt, value, step):
    return seal(salt, place(value, step))


def read_number(typed):
    """The number that a reader typed, and an empty string; or None, and what is wrong with it.

    Understood: a decimal point or comma, a leading + or - (or −), e for powers of ten, one division, ln 10, and
    thousands set apart by spaces. A comma before exactly three digits is refused, for it can mean both.
    """
    text = str(typed)[:200].replace("−", "-").lower()
    text = text.strip(SPACE)
    if not text:
        return None, "Type a number first."
    text = re.sub(rf"(?<=[0-9])[{SPACE}](?=[0-9]{{3}}(?![0-9]))", "", text)
    text = re.sub(rf"[{SPACE}]*([-+/()])[{SPACE}]*|(?<=ln)[{SPACE}]+", r"\1", text)
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+", text):
        return None, "A comma before three digits can mean two things: leave it out, or write a decimal point."
    found = TYPED.fullmatch(text)
    if not found or len(text) > 60:
        return None, f"This is not a number: {EXPECTED}."
    sign, plain, bare, bracketed, under = found.groups()
    value, divisor = decimal(plain or bare or bracketed), decimal(under or "1")
    if not plain:
        value = math.log(value) if 0 < value < math.inf else math.nan
    value = value / divisor if divisor else math.nan
    if not math.isfinite(value):
        return None, f"This is not a finite number: {EXPECTED}."
    return (-value if sign == "-" else value), ""


def decimal(text):
    return float(text.replace(",", "."))


def judge(data, answer):
    """(passed, reply, counted) for an answer: a letter; a typed number; {"settings": ..., "measures": ...}."""
    return {"choose": choose, "compute": compute, "tune": tune}[data["kind"]](data, answer)


def choose(data, answer):
    letters = LETTERS[: len(data["choices"])]
    if answer not in list(letters):
        return False, f"Choose one of the answers, {letters[0]} to {letters[-1]}.", False
    return seal(data["id"], answer) == data["key"], data["choices"][letters.index(answer)]["reply"], True


def compute(data, answer):
    value, complaint = read_number(answer)
    if complaint:
        return False, complaint, False
    step, reach = grid(data["tolerance"])
    middle = place(value, step)
    near = set() if middle is None else {seal(data["id"], middle + k) for k in range(-reach, reach + 1)}
    if data["key"] in near:
        return True, data["right"], True
    for wrong in data["wrong"]:
        if wrong["key"] in near:
            return False, wrong["reply"], True
    return False, "No. None of the usual mistakes gives this number; the hints may help.", True


def within(measures, measure, low, high):
    value = measures.get(measure)
    known = type(value) in (int, float) and math.isfinite(value)
    return known and (low is None or value >= low) and (high is None or value <= high)


def tune(data, answer):
    settings, measures = answer["settings"], answer["measures"]
    moved = [name for name, value in data["fixed"].items() if name in settings and settings[name] != value]
    if moved:
        names = ", ".join(f"`{name}`" for name in moved)
        return False, f"Put {names} back: this exercise is about {', '.join(data['controls'])} alone.", True
    unmet = [g for g in data["goals"] if not within(measures, g["measure"], g["low"], g["high"])]
    if not unmet:
        return True, data["right"], True
    for wrong in data["wrong"]:
        if all(within(measures, *rule) for rule in wrong["when"]):
            return False, wrong["reply"], True
    return False, f"Not yet: {'; '.join(goal['words'] for goal in unmet)}.", True
