"""Files stay within 300 lines, functions within 40: beyond that they are split by aggregate."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("services", "gateway", "deploy")
FILE_LINES = 300
FUNCTION_LINES = 40


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (ROOT / folder).rglob("*.py")


def test_no_file_is_longer_than_its_budget() -> None:
    long = {str(path.relative_to(ROOT)): count for path in sources() if (count := _lines(path)) > FILE_LINES}
    assert not {name: count for name, count in long.items() if not _only_exports(_tree(ROOT / name))}


def test_no_function_is_longer_than_its_budget() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(p.relative_to(ROOT)) for p in sources() if p.stat().st_size and not ast.get_docstring(_tree(p))]
    assert not silent


def test_no_module_gives_one_name_two_values() -> None:
    """A second constant of the same name replaces the first one, also where the first is used."""
    repeated = {
        f"{path.relative_to(ROOT)}:{name}"
        for path in sources()
        for name, count in Counter(_assigned(_tree(path))).items()
        if count > 1
    }
    assert not repeated


def _assigned(module: ast.Module) -> Iterator[str]:
    """The names that the module assigns, once for each assignment."""
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _only_exports(module: ast.Module) -> bool:
    """An `__init__` of docstring, imports and `__all__`: a list, which no reader has to understand."""
    return all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom | ast.Assign) for node in module.body)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
