"""The repository's own files, as the tests of its rules read them: each module is parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "gateway", "deploy")


def modules(*folders: str) -> list[Path]:
    """The modules below `folders` of the repository, those of the product by default."""
    return sorted(path for folder in folders or PRODUCT for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """As it is told of: from the root of the repository."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions(path: Path) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    """All of the module, methods and functions inside functions too."""
    return tuple(one for one in statements(tree(path)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All below `node`. Only statements hold statements: expressions, most of a tree, are not looked through."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.stmt):
            yield one
        if isinstance(one, ast.stmt | ast.excepthandler | ast.match_case):
            yield from statements(one)
