"""Which cells can run in the page, and which others a cell needs first. Reads code, runs none.

The build asks `reasons` when it writes a page. The page asks `to_run` at each click, with the code as it stands then.
A cell that cannot run takes with it every cell that uses a name it defined or changed.
"""

import ast
import sys

ABSENT = {"distutils", "lzma", "multiprocessing", "socket", "sqlite3", "ssl", "subprocess", "threading", "tkinter"}
TOP_LEVEL = (sys.stdlib_module_names - ABSENT) | {"matplotlib", "mpl_toolkits", "numpy", "tqdm", "unrolled"}
NEEDS_MORE = {
    f"unrolled.{name}"
    for name in ("device", "exercises", "fast", "keras", "networks.regressor", "pytorch", "tensorflow1", "widgets")
}


class Cell(ast.NodeVisitor):
    """What a cell's code does with names.

    modules: those it imports, as dotted names. uses: names it expects to find. binds: names it leaves behind; `plain`
    are those that stand for a module, a function or a class, which using does not change. changes: names whose parts
    it sets. late: for each function or class, the names that are looked up when it is called.
    """

    def __init__(self, source):
        self.modules, self.uses, self.binds, self.plain, self.changes = set(), set(), set(), set(), set()
        self.late, self.error, self._local, self._later = {}, "", set(), set()
        try:
            tree = ast.parse(source)
        except SyntaxError as error:  # `%pip install`, or a reader's slip
            self.error = str(error)
            return
        self.visit(tree)
        self.uses |= self._later - self.binds

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.uses |= {node.id} - self.binds - self._local
        else:
            self._bind(node.id)

    def _bind(self, name, plain=False):
        self.binds.add(name)
        (self.plain.add if plain else self.plain.discard)(name)

    def visit_Import(self, node):
        for alias in node.names:
            self.modules.add(alias.name)
            self._bind(alias.asname or alias.name.split(".")[0], plain=True)

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.modules |= {node.module or "", f"{node.module}.{alias.name}"}
            self._bind(alias.asname or alias.name, plain=True)

    def visit_Assign(self, node):
        for part in (node.value, *node.targets):
            self.visit(part)

    def visit_AnnAssign(self, node):
        for part in filter(None, (node.value, node.target)):
            self.visit(part)

    visit_NamedExpr = visit_AnnAssign

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.uses |= {node.target.id} - self.binds
            self.changes.add(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node):
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_Subscript(self, node):
        root = node
        while isinstance(root, ast.Subscript | ast.Attribute):
            root = root.value
        if not isinstance(node.ctx, ast.Load) and isinstance(root, ast.Name):
            self.changes.add(root.id)
        self.generic_visit(node)

    visit_Attribute = visit_Subscript

    def visit_ExceptHandler(self, node):
        self.binds |= {node.name} - {None}
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        self.binds |= {node.name} - {None}
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_ListComp(self, node):
        before = set(self._local)
        for part in node.generators:
            self.visit(part.iter)
            self._local |= stored(part.target)
            for condition in part.ifs:
                self.visit(condition)
        for value in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(value)
        self._local = before

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_FunctionDef(self, node):
        defaults = [] if isinstance(node, ast.ClassDef) else [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        for part in (*node.decorator_list, *getattr(node, "bases", []), *getattr(node, "keywords", []), *defaults):
            self.visit(part)
        self.late[node.name] = self._inside(node)
        self._bind(node.name, plain=True)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._inside(node)

    def _inside(self, node):
        """Names from outside that a function's body uses. They are looked up when it is called, not here."""
        found = free(node) - self._local
        self._later |= found
        for part in ast.walk(node):
            if isinstance(part, ast.Import | ast.ImportFrom):
                inner = Cell(ast.unparse(part))
                self.modules |= inner.modules
        return found


def stored(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def free(function):
    """Names a function, lambda or class reads and does not bind itself, those of the functions inside it included."""
    body = function.body if isinstance(function.body, list) else [function.body]
    bound, read, inner = set(), set(), []
    if not isinstance(function, ast.ClassDef):
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        bound |= {a.arg for a in every if a}
    nodes = list(body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            inner.append(node)
            bound |= {getattr(node, "name", "")}
            continue
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            bound |= {node.name} - {None}
        nodes.extend(ast.iter_child_nodes(node))
    return (read | {name for node in inner for name in free(node)}) - bound


def reasons(sources, skipped=()):
    """For each cell why it cannot run in the page; an empty string when it can. skipped: cells that are never run."""
    cells, why = [Cell(source) for source in sources], []
    for number, cell in enumerate(cells):
        foreign = sorted(name for name in cell.modules if not available(name))
        borrowed = {name: at for name, at in origins(cells, number).items() if why[at]}
        if number in skipped:
            why.append("it is not shown")
        elif cell.error:
            why.append("it is not plain Python")
        elif foreign:
            why.append(f"it imports {foreign[0]}")
        elif borrowed:
            name = min(borrowed)
            why.append(f"it uses {name} of a cell that cannot run")
        else:
            why.append("")
    return why


def available(module):
    return module.split(".")[0] in TOP_LEVEL and not any(f"{module}.".startswith(f"{name}.") for name in NEEDS_MORE)


def origins(cells, number):
    """For each name a cell uses, also through the functions it may call: the last cell before that bound or changed it.

    Names that no cell before has are left out: Python's own, or a slip.
    """
    found, names = {}, set(cells[number].uses)
    while names:
        name = names.pop()
        at = next((i for i in reversed(range(number)) if name in cells[i].binds | cells[i].changes), None)
        if name not in found and at is not None:
            found[name] = at
            names |= cells[at].late.get(name, set())
    return found


def needed(cells, number):
    """The cells before this one that it depends on, as a set: those that made its names, or may have changed them."""
    found, waiting = set(), {number}
    while waiting:
        at = waiting.pop()
        found.add(at)
        waiting |= directly(cells, at) - found
    return found - {number}


def directly(cells, number):
    found = set()
    for name in origins(cells, number):
        made = next((i for i in reversed(range(number)) if name in cells[i].binds), None)
        if made is not None:
            found.add(made)
        if made is None or name not in cells[made].plain:
            between = range(0 if made is None else made + 1, number)
            found |= {i for i in between if name in cells[i].uses | cells[i].changes}
    return found


def to_run(sources, target, fresh):
    """Numbers of the cells to run, in order, so that cell `target` can: those it needs, without those that are fresh.

    fresh: cells whose code has run as it stands. One that depends on a cell which runs again is run again too.
    """
    cells, run = [Cell(source) for source in sources], []
    for number in sorted(needed(cells, target)):
        if number not in fresh or needed(cells, number) & set(run):
            run.append(number)
    return [*run, target]
