"""How many calls a screen of the web client needs before it is useful: each is drawn, and its calls are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.builders.flows import Board
from tests.support.builders.opportunities import of_each_legend
from tests.support.stack.system import Client

Ask = Callable[..., Any]


class Screen:
    """What a screen asks for, and how often."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.calls = 0

    def get(self, path: str, **params: Any) -> Any:
        self.calls += 1
        return self._client.get(path, params=params)


@pytest.fixture(scope="module")
def known(ana: Client) -> dict[str, str]:
    path = of_each_legend(ana)
    board = Board(ana)
    made = ana.get(path)["items"][0]
    return {
        "person": path.split("/")[3],
        "flow": board.flow,
        "attendance": board.made[0]["id"],
        "opportunity": made["id"],
    }


def person_page(screen: Screen, known: dict[str, str]) -> None:
    """The person, its tabs with their counts, who watches it, what is critical."""
    page = screen.get(f"/v1/persons/{known['person']}/view")
    assert {"addresses", "attendances", "opportunities", "appointments", "watchers"} <= {*page["options"]}
    assert all(page[name]["count"] >= 0 for name in page["options"])
    assert page["critical_factors"]["exact"]


def sales_contacts(screen: Screen, known: dict[str, str]) -> None:
    """The list with its legend, each with word, colour and count."""
    page = screen.get(f"/v1/persons/{known['person']}/opportunities", state=["open", "closed"], counted="true")
    assert len(page["items"]) == page["count"] == 5
    assert {one["legend"] for one in page["legends"]} == {"today", "overdue", "internal_date", "open", "closed"}
    assert all(one["word"] and one["colour"] for one in page["legends"])


def funnel(screen: Screen, known: dict[str, str]) -> None:
    """Columns with their count, sums, first cards and cursor."""
    columns = screen.get("/v1/pipeline")["columns"]
    assert len(columns) >= 5
    assert all({"count", "sums", "items", "next_cursor"} <= one.keys() for one in columns)


def flow_board(screen: Screen, known: dict[str, str]) -> None:
    """The flows to switch to, and the columns of one."""
    assert known["flow"] in {one["id"] for one in screen.get("/v1/flows")["items"]}
    columns = screen.get(f"/v1/flows/{known['flow']}/board")["columns"]
    assert [one["tag"]["name"] for one in columns] == ["TODOS", "Quente"]


def attendance_screen(screen: Screen, known: dict[str, str]) -> None:
    """All of an attendance with its neighbours, and the colleagues who may be its next user."""
    view = screen.get(f"/v1/attendances/{known['attendance']}/view", flow_id=known["flow"])
    assert {"details", "entries", "cycle", "draft", "standard_texts", "attachments", "neighbours"} <= view.keys()
    assert screen.get("/v1/colleagues")["items"]


def timeline_with_tabs(screen: Screen, known: dict[str, str]) -> None:
    """The timeline of an opportunity, and its customer's sales, finance and services."""
    assert screen.get(f"/v1/opportunities/{known['opportunity']}/timeline")["unavailable"] == []
    page = screen.get(f"/v1/persons/{known['person']}/sales-view")
    tabs = ("orders", "quotes", "nfe", "receivables", "service_orders", "service_invoices")
    assert all(page[name]["count"] >= 0 for name in tabs)


def own_day(screen: Screen, known: dict[str, str]) -> None:
    day = screen.get("/v1/day")
    assert all(day[name]["count"] >= 0 for name in ("follow_ups", "actions", "appointments", "drafts"))
    assert day["critical_factors"]["count"] >= 0


MOST: dict[Callable[[Screen, dict[str, str]], None], int] = {
    person_page: 1,
    sales_contacts: 1,
    funnel: 1,
    flow_board: 2,
    attendance_screen: 2,
    timeline_with_tabs: 2,
    own_day: 1,
}


@pytest.mark.parametrize("draw", MOST, ids=lambda draw: draw.__name__)
def test_a_screen_is_useful_after_few_calls(
    ana: Client, known: dict[str, str], draw: Callable[[Screen, dict[str, str]], None]
) -> None:
    screen = Screen(ana)
    draw(screen, known)
    assert screen.calls <= MOST[draw]
