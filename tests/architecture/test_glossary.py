"""docs/glossary.md names modules and names that exist; every feature and every part of the chassis has a word in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?!word \||---)(.+) \|$", re.MULTILINE)
PLACE = re.compile(r"`(\S+\.py)` `(\w+)`")


def rows() -> list[list[str]]:
    return [line.split(" | ") for line in ROW.findall(PAGE.read_text(encoding="utf-8"))]


def folders(of: str) -> set[str]:
    """Those that hold a feature, or a part of the chassis; what features share is no word of its own."""
    found = (ROOT / "services" / of).iterdir()
    return {f"services/{of}/{one.name}/" for one in found if (one / "__init__.py").is_file() and one.name != "shared"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_word_is_told_in_one_sentence_with_the_module_where_it_lives(row: list[str]) -> None:
    place = PLACE.fullmatch(row[-1])
    assert place is not None, "the last column is a module and a name in it"
    module = ROOT / place[1]
    assert module.is_file()
    assert re.search(rf"\b{place[2]}\b", module.read_text(encoding="utf-8")), f"no {place[2]} in {place[1]}"
    assert all(cell.strip() for cell in row)


def test_no_word_is_there_twice_in_one_table() -> None:
    for table in PAGE.read_text(encoding="utf-8").split("\n## "):
        words = [line.split(" | ")[0] for line in ROW.findall(table)]
        assert len(words) == len(set(words))


@pytest.mark.parametrize("of", ["people", "attendance", "sales", "chassis"])
def test_each_feature_and_each_part_of_the_chassis_has_a_word(of: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = {folder for folder in folders(of) if f"`{folder}" not in page}
    assert missing - {"services/chassis/observability/"} == set()
