"""What the package says of itself."""

import pkgutil
import re

import unrolled


def test_its_docstring_names_every_module():
    named = set(re.findall(r"`(\w+)`", unrolled.__doc__)) - {"unroll", "bptt"}
    assert named == {module.name for module in pkgutil.iter_modules(unrolled.__path__)}
