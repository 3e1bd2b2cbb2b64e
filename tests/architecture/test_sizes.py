"""Files stay within 300 lines, functions within 40: beyond that they are split by aggregate."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import functions, modules, name_of, tree

FILE_LINES = 300
FUNCTION_LINES = 40


def test_no_file_is_longer_than_its_budget() -> None:
    long = {path: count for path in modules() if (count := _lines(path)) > FILE_LINES}
    assert not {name_of(path): count for path, count in long.items() if not _only_exports(tree(path))}


def test_no_function_is_longer_than_its_budget() -> None:
    found = [(path, one) for path in modules() for one in functions(path)]
    assert len(found) > 3_000
    lengths = {f"{name_of(path)}:{one.name}": (one.end_lineno or one.lineno) - one.lineno + 1 for path, one in found}
    assert not {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in modules() if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert not silent


def test_no_module_gives_one_name_two_values() -> None:
    """A second constant of the same name replaces the first one, also where the first is used."""
    repeated = {
        f"{name_of(path)}:{name}"
        for path in modules()
        for name, count in Counter(_assigned(tree(path))).items()
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
