"""Nothing is written twice: no run of 8 lines of the product's code stands in two places."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.support.sources import modules, name_of, statements, tree

RUN = 8


def repeated(sources: Mapping[str, tuple[str, ast.Module]]) -> list[list[str]]:
    """The runs of RUN lines that stand in several places, each by its places: "<name>:<line>".

    `sources`: text and tree of each module by its name.
    """
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, source in sources.items():
        lines = list(_lines(*source))
        for at in range(len(lines) - RUN + 1):
            run = lines[at : at + RUN]
            places[tuple(text for _, text in run)].append(f"{name}:{run[0][0]}")
    return [found for found in places.values() if len(found) > 1]


def _lines(source: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Number and text of each line that says something, which imports, docstrings and comments do not."""
    left_out = {line for one in statements(module) if _is_silent(one) for line in _range_of(one)}
    for number, line in enumerate(source.splitlines(), 1):
        text = " ".join(line.partition("  # ")[0].split())
        if text and not text.startswith("#") and number not in left_out:
            yield number, text


def _is_silent(one: ast.stmt) -> bool:
    is_text = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    return is_text or isinstance(one, ast.Import | ast.ImportFrom)


def _range_of(one: ast.stmt) -> range:
    return range(one.lineno, (one.end_lineno or one.lineno) + 1)


def test_no_run_of_lines_stands_in_two_places() -> None:
    sources = {name_of(path): (path.read_text(encoding="utf-8"), tree(path)) for path in modules()}
    assert len(sources) > 500
    assert repeated(sources) == []


def planted(name: str, steps: int) -> str:
    """A function of its name and `steps` lines that each copy has."""
    head = f'import {name}\n\n\ndef {name}(order):\n    """Of {name}."""\n    start_{name}(order)\n'
    return head + "".join(f"    total = total + price_{step}(order)  # {name}\n\n" for step in range(steps))


def read(*texts: str) -> dict[str, tuple[str, ast.Module]]:
    return {str(number): (text, ast.parse(text)) for number, text in enumerate(texts)}


def test_a_copy_is_seen_whatever_its_comments_and_its_indents() -> None:
    one, other = planted("one", RUN), planted("other", RUN).replace("    total = ", "        total  =  ")
    other = other.replace('    """', '        """').replace("    start", "        start")
    assert repeated(read(one, other)) == [["0:7", "1:7"]]


def test_fewer_lines_may_be_alike_and_imports_may_always() -> None:
    assert repeated(read(planted("one", RUN - 1), planted("other", RUN - 1))) == []
    imports = "".join(f"import module_{number}\n" for number in range(RUN))
    assert repeated(read(imports, imports)) == []
