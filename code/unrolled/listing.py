"""Reads code aloud: shows the source of a function of this package inside a chapter."""

import inspect
import textwrap


def show(function):
    """Display the source of a function or class as a Python listing."""
    from IPython.display import Markdown, display

    display(Markdown(f"```python\n{textwrap.dedent(inspect.getsource(function))}```"))
