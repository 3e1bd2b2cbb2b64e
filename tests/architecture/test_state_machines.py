"""docs/state-machines.md draws what the code does: the states and the steps of the models, and no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.machines import attendance, billing, notifications, people, sales
from tests.architecture.machines.driving import NOWHERE, Edge, Machine

PAGE = Path(__file__).parents[2] / "docs" / "state-machines.md"
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
DIAGRAM = re.compile(r"^```mermaid\nstateDiagram-v2\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r"    (\S+) --> (\S+): (\S.*)")

MACHINES: dict[str, Callable[[], Machine]] = {
    "Opportunity": sales.opportunity,
    "Quote: a version": sales.quote,
    "Attendance: open or closed": attendance.attendance_open_or_closed,
    "Attendance: where it is filed": attendance.attendance_filed,
    "Receivable": billing.receivable,
    "Contract": billing.contract,
    "NF-e": sales.nfe,
    "Import": people.file_import,
    "Erasure": people.erasing,
    "Delivery": notifications.delivery,
    "Mailing": notifications.mailing,
}


def drawn() -> dict[str, set[Edge]]:
    """The arrows of each section's diagram; a line that is no arrow is a mistake of the page."""
    _, *parts = SECTION.split(PAGE.read_text(encoding="utf-8"))
    pages = dict(zip(parts[::2], parts[1::2], strict=True))
    return {title: set().union(*map(arrows, DIAGRAM.findall(text))) for title, text in pages.items()}


def arrows(diagram: str) -> set[Edge]:
    found = [(line, ARROW.fullmatch(line)) for line in diagram.splitlines()]
    assert [line for line, arrow in found if arrow is None] == []
    return {(arrow[1], label, arrow[2]) for _, arrow in found if arrow for label in arrow[3].split(", ")}


@pytest.mark.parametrize("title", MACHINES)
def test_the_diagram_has_the_steps_that_the_code_accepts_and_no_others(title: str) -> None:
    told, true = drawn()[title], MACHINES[title]().edges()
    assert {"not in the code": told - true, "not drawn": true - told} == {"not in the code": set(), "not drawn": set()}


@pytest.mark.parametrize("title", MACHINES)
def test_each_state_of_the_code_is_reached_and_drawn(title: str) -> None:
    ends = {state for before, _, after in drawn()[title] for state in (before, after)}
    assert ends - {NOWHERE} == set(MACHINES[title]().states)


def test_every_section_of_the_page_is_checked() -> None:
    assert list(drawn()) == list(MACHINES)
