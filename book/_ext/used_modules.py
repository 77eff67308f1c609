"""Which files of the package a piece of code uses, directly or through each other: what its outputs depend on.

`from unrolled import LSTM` uses the module that defines LSTM, not all that `unrolled/__init__.py` gathers; so does
`widgets.LSTMCell` after `from unrolled import widgets`. Within a module everything counts, so a file is used whole.
Nothing is imported: the code is read.
"""

import ast
import functools

PICTURES = "unrolled.widgets"

parse = functools.cache(ast.parse)


def used(code, package):
    """The files that this code uses, a set of paths. package: the folder of `unrolled`."""
    found = set()
    waiting = [*uses(code, "", package)]
    seen = set()
    while waiting:
        module, name = use = waiting.pop()
        file = file_of(module, package)
        if use in seen or file is None:
            continue
        seen.add(use)
        if (inner := within(module, name, file, package)) is not None:
            waiting.append(inner)
        elif file not in found:
            found.add(file)
            waiting += uses(file.read_text(encoding="utf-8"), module_at(module, file), package)
    return found


def file_of(module, package):
    """The file of a dotted module of the package, or None when there is none."""
    top, *rest = module.split(".")
    path = package.joinpath(*rest)
    candidates = [path / "__init__.py", path.with_suffix(".py")] if rest else [package / "__init__.py"]
    return next((file for file in candidates if top == "unrolled" and file.exists()), None)


def is_package(module, package):
    file = file_of(module, package)
    return file is not None and file.name == "__init__.py"


def module_at(module, file):
    """Where the relative imports of a file begin: the package it belongs to."""
    return module if file.name == "__init__.py" else module.rpartition(".")[0]


def within(module, name, file, package):
    """The place a name of a package really comes from, as (module, name); None where the file itself holds it."""
    if name is None or file.name != "__init__.py":
        return None
    for node in parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return target(origin(node, module), alias.name, package)
    return (f"{module}.{name}", None) if file_of(f"{module}.{name}", package) else None


def origin(node, inside):
    """The dotted module that a `from ... import` names. inside: the package in which the import stands."""
    if not node.level:
        return node.module
    parents = inside.split(".")[: len(inside.split(".")) + 1 - node.level]
    return ".".join([*parents, node.module] if node.module else parents)


def target(module, name, package):
    """What `from module import name` brings: a submodule as (its name, None), anything else as (module, name)."""
    return (f"{module}.{name}", None) if file_of(f"{module}.{name}", package) else (module, name)


@functools.cache
def uses(code, inside, package):
    """(module, name) for each part of the package that the code takes; the name is None for a module as a whole.

    What `getattr` picks from a module is named by whoever picks: a living picture by the exercise that shows it.
    """
    nodes, bound, found = [*ast.walk(parse(code))], {}, []
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "unrolled":
                    bound[alias.asname or "unrolled"] = alias.name if alias.asname else "unrolled"
                    if "." in alias.name and not (alias.asname and is_package(alias.name, package)):
                        found.append((alias.name, None))
        elif isinstance(node, ast.ImportFrom) and (origin(node, inside) or "").split(".")[0] == "unrolled":
            for alias in node.names:
                module, name = target(origin(node, inside), alias.name, package)
                if name is None and is_package(module, package):
                    bound[alias.asname or alias.name] = module
                else:
                    found.append((module, None if name == "*" else name))
        elif isinstance(node, ast.keyword) and node.arg == "picture" and isinstance(node.value, ast.Constant):
            found.append((PICTURES, node.value.value))
    named = set()
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name in bound:
                named.add(id(node.value))
                found.append((bound[name], node.attr))
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=name), *_]) if name in bound:
                named.add(id(node.args[0]))
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in bound and id(node) not in named:
            found.append((bound[node.id], None))
    return tuple(found)
