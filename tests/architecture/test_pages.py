"""The pages tell of files that are there: each link, and each path between backticks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.sources import ROOT, name_of

SKIPPED = {".git", ".venv", ".run"}
PAGES = sorted(
    page
    for folder in (ROOT, *(one for one in ROOT.iterdir() if one.is_dir() and one.name not in SKIPPED))
    for page in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)\s]*)?\)")
WHOLE = re.compile(r"`((?:services|gateway|deploy|tests|docs|requirements)/[\w./-]*)`")
# Told of as what might be, or made by a program.
MADE_UP = {"services/sales/reminders/"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_link_of_a_page_leads_somewhere(page: Path) -> None:
    gone = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_path_that_a_page_names_is_there(page: Path) -> None:
    named = set(WHOLE.findall(page.read_text(encoding="utf-8"))) - MADE_UP
    assert {path for path in named if not (ROOT / path).exists()} == set()
