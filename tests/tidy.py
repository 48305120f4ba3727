"""House rules that no formatter knows: which room may use which, sizes, clocks, floats, names and docstrings.

Reader: tests/test_tidy.py, which shows every rule what it must catch.
By hand: `.venv/bin/python -m tests.tidy` lists findings and long functions; `-m tests.folds` writes `Folds:` lines.
"""

from __future__ import annotations

import ast
import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from tests.folds import fact_names, folded, folds_said

ROOT: Final = Path(__file__).resolve().parents[1]
EVENTS: Final = "src/ledger/domain/events.py"

#: The one way in: commands one by one, and files of commands judged together.
CHOKE_POINT: Final = ("ledger.application", "ledger.batch", "ledger.bulk")

#: What the command line is made of besides its commands: its words and its bar.
COMMAND_LINE: Final = ("ledger.swedish", "ledger.cli_progress", "ledger.cli_identity")

#: What each room may use of the others, besides itself where it is listed. The longest matching room counts.
ROOMS: Final = {
    "projections": (
        "ledger.domain.events",
        "ledger.domain.events_behorighet",
        "ledger.domain.events_uppfoljning",
        "ledger.reporting.projection",
    ),
    "ledger": (),
    "ledger.domain": ("ledger.domain",),
    "ledger.recording": ("ledger.recording", "ledger.domain", "ledger.migrations"),
    "ledger.migrations": ("ledger.recording",),
    "ledger.identity": ("ledger.identity", "ledger.recording", "ledger.domain"),
    "ledger.reporting": ("ledger.reporting", "ledger.domain"),
    "ledger.application": ("ledger.application", "ledger.recording", "ledger.domain"),
    "ledger.batch": (*CHOKE_POINT, "ledger.recording", "ledger.domain"),
    "ledger.bulk": (*CHOKE_POINT, "ledger.recording", "ledger.domain"),
    "ledger.interchange": ("ledger.interchange", *CHOKE_POINT, "ledger.reporting", "ledger.domain"),
    "ledger.web": (
        "ledger.web",
        *CHOKE_POINT,
        "ledger.reporting",
        "ledger.domain",
        "ledger.interchange",
        "ledger.identity",
    ),
    "ledger.cli": (
        "ledger.cli",
        *COMMAND_LINE,
        *CHOKE_POINT,
        "ledger.reporting",
        "ledger.domain",
        "ledger.settings",
        "ledger.interchange.forms",
    ),
    "ledger.cli_progress": (),
    "ledger.cli_identity": ("ledger.cli_identity", "ledger.swedish", "ledger.settings"),
    "ledger.swedish": ("ledger.domain",),
    "ledger.settings": ("ledger.settings",),
    "ledger.main": ("ledger",),
    "ledger.elsewhere": ("ledger.recording", "ledger.reporting", "projections"),
    "ledger.serving": ("ledger",),
    "ledger.mishap": ("ledger.recording", "ledger.reporting", "ledger.web"),
    "ledger.__main__": ("ledger.cli",),
}
#: What a room may use only inside a function, so that it is loaded when something is built and not before.
LAZY: Final = {
    "ledger.cli": ("ledger.main", "ledger.serving", "ledger.mishap"),
    "ledger.cli_identity": ("ledger.main", "ledger.identity"),
}
#: Rooms that use the standard library and nothing else from outside.
STDLIB_ONLY: Final = ("projections", "ledger.domain")
#: Libraries that one room keeps to itself.
OWNERS: Final = {"eventsourcing": "ledger.recording"}

#: Folders whose code gives the same answer every time it is asked: no clock, no chance, no input or output.
PURE: Final = ("src/ledger/domain/", "projections/")
CLOCKS_AND_DICE: Final = frozenset({"time", "random", "uuid", "secrets"})
OUTSIDE: Final = frozenset({"os", "io", "pathlib", "shutil", "tempfile", "socket", "http", "urllib", "sqlite3"}) | {
    *("subprocess", "threading", "multiprocessing", "asyncio", "concurrent"),
    *("logging", "importlib", "locale", "platform", "getpass"),
}
IMPURE_NAMES: Final = frozenset({"now", "utcnow", "today", "urandom"})
IMPURE_CALLS: Final = frozenset({"open", "print", "input", "exec", "eval", "hash", "id", "__import__"})

#: Lines per file. A stylesheet may be longer: its rules are one-liners read as one table, and a second file would
#: cost every page a request.
LIMITS: Final = {".py": 400, ".html": 400, ".js": 400, ".css": 500}
LONG_FUNCTION: Final = 50

FORBIDDEN_NAMES: Final = frozenset({"utils", "helpers", "common", "misc", "base", "manager", "service"})
#: Words that promise later work. They are put together here, so that this file does not hold them.
UNFINISHED: Final = re.compile(rf"\b(?:{'TO'}DO|{'FIX'}ME|{'X'}XX)\b")
TEXT_SUFFIXES: Final = frozenset({*LIMITS, ".md", ".toml", ".yml", ".yaml", ".sql", ".sh", ".mako", ""})

FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


class Finding(NamedTuple):
    """A broken rule at a line of a file."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Source(NamedTuple):
    """A file by its path from the project's root, with `/`, and its text."""

    path: str
    text: str

    @property
    def suffix(self) -> str:
        """The ending, such as `.py`; blank for a file such as `Makefile`."""
        return Path(self.path).suffix

    @property
    def tree(self) -> ast.Module:
        """The syntax tree, parsed once."""
        return _parse(self.text)

    @property
    def module(self) -> str | None:
        """The dotted name for code that is installed, `ledger.domain.budget`; nothing for other files."""
        if self.suffix != ".py" or not self.path.startswith(("src/", "projections/")):
            return None
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


Hits: TypeAlias = Iterator[tuple[int, str]]
Rule: TypeAlias = Callable[[Source], Hits]


@functools.cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@functools.cache
def house() -> tuple[Source, ...]:
    """Every text file of the project: what git tracks or would track, else everything outside hidden folders."""
    git = shutil.which("git")
    listing = [git or "git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listing, capture_output=True, text=True, check=False) if git else None
    if found is not None and found.returncode == 0:
        paths = {path for path in found.stdout.split("\0") if path}
    else:
        paths = set()
        for folder, inner, files in os.walk(ROOT):
            inner[:] = [name for name in inner if name == ".ci" or not name.startswith(".")]
            paths |= {(Path(folder) / name).relative_to(ROOT).as_posix() for name in files}
    kept = (path for path in sorted(paths) if Path(path).suffix in TEXT_SUFFIXES and (ROOT / path).is_file())
    return tuple(Source(path, (ROOT / path).read_text(encoding="utf-8", errors="replace")) for path in kept)


def within(module: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module is one of these rooms or lies in one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def room_of(module: str) -> str | None:
    """The room that a module belongs to; nothing where the map has none."""
    if module.startswith("ledger.") and not any(within(module, (room,)) for room in ROOMS if room != "ledger"):
        return None
    return max((room for room in ROOMS if within(module, (room,))), key=len, default=None)


def imported(source: Source) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """Each import: its line, the modules it may mean (`a.b` and `a.b.c` for `from a.b import c`), and if it is lazy."""
    module = source.module or ""
    package = module if source.path.endswith("/__init__.py") else module.rpartition(".")[0]

    def visit(node: ast.AST, *, lazy: bool) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        match node:
            case ast.Import(names=names):
                for name in names:
                    yield node.lineno, (name.name,), lazy
            case ast.ImportFrom(module=target, names=names, level=level):
                above = ".".join(package.split(".")[: len(package.split(".")) - level + 1]) if level else ""
                origin = ".".join(filter(None, (above, target)))
                for name in names:
                    yield node.lineno, (origin, f"{origin}.{name.name}"), lazy
            case ast.Call(func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, (name,), lazy
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, (name,), lazy
        for child in ast.iter_child_nodes(node):
            yield from visit(child, lazy=lazy or isinstance(node, (*FUNCTION, ast.Lambda)) or _for_types(node))

    return visit(source.tree, lazy=False)


def _for_types(node: ast.AST) -> bool:
    """Whether a block is read by type checkers alone, and so loads nothing."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def rooms(source: Source) -> Hits:
    """Imports follow the map of docs/architecture.md."""
    if (module := source.module) is None:
        return
    room = room_of(module)
    if room is None:
        yield 1, f"{module} is in no room of ROOMS in tests/tidy.py"
        return
    for line, meant, lazy in imported(source):
        top = meant[0].partition(".")[0]
        if top in {"ledger", "projections"}:
            allowed = ROOMS[room] + (LAZY.get(room, ()) if lazy else ())
            # `from ledger import __version__` names no room: the bare package is everybody's but a pure room's.
            bare = meant[0] == "ledger" and room_of(meant[-1]) in {None, "ledger"} and room not in STDLIB_ONLY
            if not bare and not any(within(target, allowed) for target in meant):
                yield line, f"{room} may not use {meant[-1]}" + (" outside a function" if _lazily(room, meant) else "")
        elif room in STDLIB_ONLY and top not in sys.stdlib_module_names:
            yield line, f"{room} uses the standard library only, not {top}"
        elif OWNERS.get(top, room) != room:
            yield line, f"only {OWNERS[top]} may use {top}"


def _lazily(room: str, meant: tuple[str, ...]) -> bool:
    return any(within(target, LAZY.get(room, ())) for target in meant)


def sizes(source: Source) -> Hits:
    """No file is longer than its limit."""
    lines, limit = len(source.text.splitlines()), LIMITS.get(source.suffix)
    if limit is not None and lines > limit:
        yield limit + 1, f"{lines} lines, at most {limit}: split it by subject"


def clocks(source: Source) -> Hits:
    """Rules and reports read no clock, throw no dice and touch no file."""
    if source.suffix != ".py" or not source.path.startswith(PURE):
        return
    for line, meant, _ in imported(source):
        if meant[0].partition(".")[0] in CLOCKS_AND_DICE | OUTSIDE:
            yield line, f"imports {meant[0]}: what comes from outside is an argument"
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(attr=name) if name in IMPURE_NAMES:
                yield node.lineno, f"reads .{name}: what comes from outside is an argument"
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                yield node.lineno, f"calls {name}(): what comes from outside is an argument"


def floats(source: Source) -> Hits:
    """Money is whole öre: no float in rules and reports, nor in any function that handles a name ending `_ore`."""
    if source.suffix != ".py" or not source.path.startswith(("src/", "projections/")):
        return
    functions = [node for node in ast.walk(source.tree) if isinstance(node, FUNCTION)]
    for scope in (source.tree, *functions):
        nodes = list(_own(scope))
        if source.path.startswith(PURE) or any(_is_money(node) for node in nodes):
            yield from _floats(nodes)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function or module without its inner functions, and without types that are only tested for."""
    for child in ast.iter_child_nodes(scope):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Call(func=ast.Name(id="isinstance")):
                continue
            case ast.MatchClass(cls=ast.Name(id="float")):
                continue
        yield child
        yield from _own(child)


def _is_money(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return name.endswith("_ore")
        case ast.Constant(value=str(name)):
            return name.endswith("_ore") and name.isidentifier()
    return False


def _floats(nodes: list[ast.AST]) -> Hits:
    for node in nodes:
        match node:
            case ast.Constant(value=float(value)):
                yield node.lineno, f"the float {value!r}: money is whole öre"
            case ast.Name(id="float"):
                yield node.lineno, "float: money is whole öre"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()) if any(map(_is_money, ast.walk(node))):
                yield node.lineno, "öre divided with /: use // or round_half_away"


def docstrings(source: Source) -> Hits:
    """Every module says what it is, in its first words."""
    if source.suffix != ".py":
        return
    text = ast.get_docstring(source.tree)
    if not text:
        yield 1, "no module docstring"
    elif re.match(r"(?:This |The )?module\b", text, re.IGNORECASE):
        yield 1, f"the docstring begins {text.split(maxsplit=2)[:2]}: say what it is"


def names(source: Source) -> Hits:
    """Files and folders are named after their subject."""
    path = Path(source.path)
    for name in (*path.parts[:-1], path.stem):
        if name.strip("_").removeprefix("test_") in FORBIDDEN_NAMES and source.suffix in LIMITS:
            yield 1, f"the name {name!r} says nothing of the subject"


def unfinished(source: Source) -> Hits:
    """Nothing is left for later on main."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if word := UNFINISHED.search(line):
            yield number, f"{word[0]}: do it, or open an issue"


def folds(source: Source) -> Hits:
    """The label `Folds:` of a docstring names exactly the facts that the module folds."""
    if source.module is None:
        return
    line, said = folds_said(ast.get_docstring(source.tree, clean=False) or "")
    line += source.tree.body[0].lineno - 1 if source.tree.body else 0
    facts = folded(source.tree, fact_names(ROOT / EVENTS))
    if lacking := sorted(facts - said):
        yield line, f"Folds: lacks {', '.join(lacking)} (python -m tests.folds writes it)"
    if wrong := sorted(said - facts):
        yield line, f"Folds: names {', '.join(wrong)}, which evolve does not (python -m tests.folds writes it)"


RULES: Final[dict[str, Rule]] = {
    rule.__name__: rule for rule in (rooms, sizes, clocks, floats, docstrings, names, unfinished, folds)
}


def check(source: Source, rule: str) -> list[Finding]:
    """What one rule finds in one file. A file that cannot be parsed is a finding of its own."""
    try:
        return [Finding(source.path, line, rule, text) for line, text in RULES[rule](source)]
    except SyntaxError as error:
        return [Finding(source.path, error.lineno or 1, "syntax", error.msg)]


def long_functions(source: Source) -> Iterator[Finding]:
    """Functions longer than fifty lines: a warning, for some tables and dialogues are long and plain."""
    if source.suffix != ".py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTION):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONG_FUNCTION:
                yield Finding(source.path, node.lineno, "long", f"{node.name} has {lines} lines")


def main() -> int:
    """List findings and long functions. 1 where something is found."""
    found = [finding for source in house() for rule in RULES for finding in check(source, rule)]
    long = [finding for source in house() for finding in long_functions(source)]
    sys.stdout.writelines(f"{finding}\n" for finding in (*found, *long))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
