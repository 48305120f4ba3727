"""The label `Folds:` in a module's docstring: what it says, what the code folds, and writing the one from the other.

`.venv/bin/python -m tests.folds` brings every such line under src/ledger and projections up to date.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
import textwrap
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
WIDTH: Final = 116

#: The label with what it says: up to the next label, a blank line or the end of the docstring.
FOLDS: Final = re.compile(r"\bFolds:(?P<said>.*?)(?=\s+[A-Z][a-z]+(?: [a-z]+)?:|\n[ \t]*\n|\s*\Z)", re.DOTALL)


@functools.cache
def fact_names(events: Path) -> frozenset[str]:
    """The classes of events.py, and of the files that continue it, that are facts: those that come of Fact."""
    found = {"Fact"}
    files = sorted(events.parent.glob(f"{events.stem}*.py"))
    for node in (node for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body):
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id in found for b in node.bases):
            found.add(node.name)
    return frozenset(found - {"Fact"})


def folded(tree: ast.Module, facts: frozenset[str]) -> set[str]:
    """The facts that the `evolve` functions of a module name, directly or through a constant of the module.

    A function `evolve`, `_evolve` or `evolve_…` names them in its body; one that is registered with
    `@evolve.register` names them in its signature.
    """
    constants: dict[str, ast.AST] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                constants[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                constants[name] = value
    found: set[str] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        parts: list[ast.AST] = []
        if re.match(r"_?evolve(?:_|$)", function.name):
            parts += function.body
        elif any("evolve.register" in ast.unparse(decorator) for decorator in function.decorator_list):
            parts += [*function.decorator_list, function.args]
        for used in (inner for part in parts for inner in ast.walk(part)):
            meant = constants.get(used.id, used) if isinstance(used, ast.Name) else used
            found |= {_name(inner) for inner in ast.walk(meant)} & facts
    return found


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def folds_said(docstring: str) -> tuple[int, set[str]]:
    """The line of the label in the docstring (1 where it is missing) and the names it gives."""
    if (label := FOLDS.search(docstring)) is None:
        return 1, set()
    return docstring[: label.start()].count("\n") + 1, set(re.findall(r"\w+", label["said"]))


def with_folds(text: str, facts: frozenset[str]) -> str:
    """The text of a module with the label as its code has it; unchanged where it has no docstring or is right."""
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree, clean=False)
    named = folded(tree, facts)
    if docstring is None or folds_said(docstring)[1] == named:
        return text
    line = textwrap.fill(f"Folds: {', '.join(sorted(named))}.", WIDTH, subsequent_indent="    ") if named else ""
    if FOLDS.search(docstring):
        new = FOLDS.sub(lambda _: line, docstring, count=1)
    elif "\n" in docstring:
        new = f"{docstring.rstrip()}\n{line}\n"
    else:
        new = f"{docstring.rstrip()}\n\n{line}\n"
    return text.replace(docstring, new.rstrip() + ("\n" if "\n" in new.strip() else ""), 1)


def main() -> int:
    """Write every `Folds:` line that the code has outgrown."""
    facts = fact_names(ROOT / "src/ledger/domain/events.py")
    for path in (*ROOT.glob("src/ledger/**/*.py"), *ROOT.glob("projections/**/*.py")):
        text = path.read_text(encoding="utf-8")
        if (new := with_folds(text, facts)) != text:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
