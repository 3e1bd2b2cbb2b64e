"""The pages tell of what is there: each link and heading, each path, each target of make, each setting."""

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
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
TARGET = re.compile(r"(?:`make |^make (?=[a-z0-9-]+ *(?:#|$)))([a-z][a-z0-9-]*[a-z0-9])", re.MULTILINE)
SETTING = re.compile(r"\bVINCULO_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
PRODUCT = [path for folder in ("services", "gateway", "deploy") for path in (ROOT / folder).rglob("*.py")]
# Told of as what might be, or made by a program.
MADE_UP = {"services/sales/reminders/"}
# Settings of releases before, which their pages name.
FORMER = {"VINCULO_SIGNING_KEYS"}
# Nobody sets them in an installation: one is of the local run's own test.
UNSAID = {"VINCULO_RUN_ONCE_READY"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_link_of_a_page_leads_somewhere(page: Path) -> None:
    gone = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_path_that_a_page_names_is_there(page: Path) -> None:
    named = set(WHOLE.findall(page.read_text(encoding="utf-8"))) - MADE_UP
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_heading_that_a_link_names_is_there(page: Path) -> None:
    gone = [
        f"{link}#{anchor}"
        for link, anchor in ANCHOR.findall(page.read_text(encoding="utf-8"))
        if anchor not in headings(page.parent / link if link else page)
    ]
    assert gone == []


def headings(page: Path) -> set[str]:
    """As GitHub names them in addresses."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_target_of_make_that_a_page_names_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    services = {f"test-{folder.name}" for folder in (ROOT / "tests/e2e").iterdir() if folder.is_dir()}
    assert set(TARGET.findall(page.read_text(encoding="utf-8"))) <= targets | services


def test_every_setting_is_on_the_page_of_settings_and_a_page_names_no_other() -> None:
    read = {name for path in PRODUCT for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    explained = set(SETTING.findall((ROOT / "deploy/README.md").read_text(encoding="utf-8")))
    assert read - explained - UNSAID == set()
    tests = {
        name for path in (ROOT / "tests").rglob("*.py") for name in SETTING.findall(path.read_text(encoding="utf-8"))
    }
    named = {name for page in PAGES for name in SETTING.findall(page.read_text(encoding="utf-8"))}
    assert named - read - tests - FORMER == set()
