"""Row A13: the list of a flow: sorted by any column, searched, filtered by tag, paged; its totals; its columns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.builders import sold
from tests.support.builders.flows import Board, listed, new_flow, opened
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

COLUMNS = ("state", "reference", "subject", "contact_name", "value", "updated_at", "created_at")


@pytest.fixture(scope="module")
def board(ana: Client) -> Board:
    return Board(ana)


def test_the_last_updated_comes_first_by_default(ana: Client, board: Board) -> None:
    rows = listed(ana, board.flow)
    assert rows == listed(ana, board.flow, sort="-updated_at")
    first = rows[-1]
    assert set(COLUMNS) <= set(first)
    person = next(one for one in board.persons if one["id"] == first["person_id"])
    assert first["contact_name"] == person["name"]


def test_quotes_in_approval_make_the_flows_amounts_and_the_attendances_value(ana: Client) -> None:
    flow, other = new_flow(ana)["id"], new_flow(ana)["id"]
    one, two = (opened(ana, f"Proposta {number}", flow_id=flow) for number in range(2))

    def waiting(flow_id: str) -> tuple[int, list[dict[str, str]]]:
        totals = ana.get(f"/v1/flows/{flow_id}")["totals"]
        return totals["quotes_in_approval"], totals["in_approval"]

    def brl(amount: str) -> list[dict[str, str]]:
        return [{"currency": "BRL", "amount": amount}]

    quote = ana.post(f"/v1/attendances/{one['id']}/quotes", sold.offer("100.00"))
    ana.post(f"/v1/attendances/{two['id']}/quotes", sold.offer("0.35"))
    wait_for(lambda: waiting(flow) == (2, brl("100.35")), what="the amounts of two quotes")
    assert [row["value"] for row in listed(ana, flow, sort="-value")] == ["100.00", "0.35"]

    ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("90.00"))
    wait_for(lambda: waiting(flow) == (2, brl("90.35")), what="the new version's amount")
    ana._ok(ana.request("PUT", f"/v1/attendances/{one['id']}/flow", json={"flow_id": other}))
    assert (waiting(flow), waiting(other)) == ((1, brl("0.35")), (1, brl("90.00")))
    ana.post(f"/v1/attendances/{one['id']}/archive", None)
    assert waiting(other) == (0, [])
    ana.post(f"/v1/attendances/{one['id']}/unarchive", None)

    ana.post(f"/v1/quotes/{quote['id']}/versions/2/approve", None)
    wait_for(lambda: waiting(other) == (0, []), what="nothing to approve")
    assert [row["value"] for row in listed(ana, other)] == ["90.00"]


def test_counts_are_right_when_many_file_at_once(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    made = [opened(ana, flow_id=flow)["id"] for _ in range(12)]
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda one: ana.request("POST", f"/v1/attendances/{one}/archive").ok, made[:8]))
    assert all(done)
    totals = ana.get(f"/v1/flows/{flow}")["totals"]
    assert (totals["active"], totals["archived"]) == (4, 8)


def test_an_unseen_flow_and_wrong_views_are_refused(ana: Client, bruno: Client, board: Board) -> None:
    path = f"/v1/flows/{board.flow}/attendances"
    refused(bruno.request("GET", path), 404, "flow_not_found")
    refused(ana.request("GET", path, params={"tag_id": "sumida"}), 404, "tag_not_found")
    field_refused(ana.request("GET", path, params={"sort": "colour"}), "sort")
