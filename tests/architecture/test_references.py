"""A page or a comment that names a file of the code names one that is there: files move, and sentences stay behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?<![\w/.<>*-])([a-z_]+(?:/[a-z_0-9]+)*\.py)\b")
FOLDERS = ("services", "gateway", "deploy", "tests")
CODE = [path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
PAGES = [
    *(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"),
    *(path for folder in ("docs", *FOLDERS) for path in (ROOT / folder).rglob("*.md")),
]
# each file by all the ends of its path
KNOWN = {"/".join(path.parts[first:]) for path in CODE for first in range(len(path.parts))}


def missing(path: Path) -> list[str]:
    return sorted(set(NAMED.findall(path.read_text(encoding="utf-8"))) - KNOWN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_files_that_are_there(page: Path) -> None:
    assert missing(page) == []


def test_the_product_names_files_that_are_there() -> None:
    product = [path for path in CODE if path.parts[0] != "tests"]
    assert {str(path): found for path in product if (found := missing(ROOT / path))} == {}
