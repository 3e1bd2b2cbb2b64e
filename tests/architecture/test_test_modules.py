"""No module imports a test module: what several need lies in tests/support, where it is found and moves with nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import ROOT, modules, name_of, tree

TEST_MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules("tests") if path.stem.startswith("test_")
}


def imported(module: ast.Module, path: Path) -> Iterator[str]:
    """All that the module may name by an import, wherever in it, as names from the root: modules, and names in them."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            near = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            parent = ".".join([*near, *([node.module] if node.module else [])])
            yield from (parent, *(f"{parent}.{one.name}" for one in node.names))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "import_module":
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def test_no_module_imports_a_test_module() -> None:
    assert len(TEST_MODULES) > 400
    paths = modules("services", "gateway", "deploy", "tests")
    found = {name_of(path): TEST_MODULES.intersection(imported(tree(path), path)) for path in paths}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from tests.architecture.test_pages import SETTING",
        "from tests.architecture import test_pages",
        "from .test_pages import SETTING",
        "from . import test_pages",
        "import tests.architecture.test_pages as pages",
        "def late():\n    from tests.architecture.test_pages import SETTING",
        "importlib.import_module('tests.architecture.test_pages')",
    ],
)
def test_a_planted_import_is_seen(planted: str) -> None:
    here = Path(__file__).with_name("test_planted.py")
    assert TEST_MODULES.intersection(imported(ast.parse(planted), here)) == {"tests.architecture.test_pages"}
