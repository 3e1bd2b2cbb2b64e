"""Row A13: the list of a flow: sorted by any column, searched, filtered by tag, paged; its totals; its columns."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import rights
from tests.support.builders.flows import TITLES, Board, listed, member, new_flow, opened
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

COLUMNS = ("state", "reference", "subject", "contact_name", "value", "updated_at", "created_at")


@pytest.fixture(scope="module")
def board(ana: Client) -> Board:
    return Board(ana)


def folded(text: str) -> str:
    return text.lower().replace("á", "a").replace("â", "a").replace("é", "e").replace("ç", "c")


@pytest.mark.parametrize("column", COLUMNS)
def test_it_is_sorted_by_any_column_both_ways_and_paged_without_gap_or_double(
    ana: Client, board: Board, column: str
) -> None:
    rows = listed(ana, board.flow, sort=column, limit=2)
    assert {row["id"] for row in rows} == {one["id"] for one in board.made[:6]}
    values = [folded(row[column]) if isinstance(row[column], str) else row[column] for row in rows]
    assert values == sorted(values)
    assert listed(ana, board.flow, sort=f"-{column}", limit=4) == rows[::-1]


def test_its_times_are_utc_as_everywhere(ana: Client, board: Board) -> None:
    rows = listed(ana, board.flow)
    assert rows
    for row in rows:
        whole = ana.get(f"/v1/attendances/{row['id']}")
        assert (row["created_at"], row["updated_at"]) == (whole["opened_at"], whole["updated_at"])


@pytest.mark.parametrize("column", COLUMNS)
def test_a_tag_filters_in_every_order(ana: Client, board: Board, column: str) -> None:
    rows = listed(ana, board.flow, sort=column, tag_id=board.hot, limit=1)
    assert {row["id"] for row in rows} == {board.made[number]["id"] for number in (0, 3)}
    assert all([tag["name"] for tag in row["tags"]] == ["Quente"] for row in rows)
    assert len(listed(ana, board.flow, sort=column, tag_id="todos")) == 6


@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "subject", "-reference"])
def test_it_is_searched_by_title_contact_reference_and_date(ana: Client, board: Board, sort: str) -> None:
    def found(q: str, **view: Any) -> set[str]:
        rows = listed(ana, board.flow, q=q, sort=sort, limit=1, **view)
        assert len({row["id"] for row in rows}) == len(rows)
        return {row["subject"] for row in rows}

    assert found("FOR") == {"Forno novo", "forno usado"}
    assert found("arvore") == {"árvore de natal"}
    assert found("forno angela") == {"Forno novo"}
    assert found("bento") == {"árvore de natal", "Amassadeira"}
    assert found(str(board.made[3]["reference"])) == {"Balança"}
    assert found(f"#{board.made[2]['reference']}") == {"Zebra"}
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    assert found(today.strftime("%d/%m/%Y")) == set(TITLES[:6])
    assert found(today.isoformat(), tag_id=board.hot) == {"Forno novo", "Balança"}
    assert found("01/01/2020") == set()
    assert found("inexistente") == set()


def test_archived_ones_are_a_list_of_their_own(ana: Client, board: Board) -> None:
    assert [row["subject"] for row in listed(ana, board.flow, filed="archived")] == ["Estufa"]
    assert listed(ana, board.flow, filed="trashed") == []


def test_unknown_orders_tags_and_cursors_are_refused(ana: Client, board: Board) -> None:
    path = f"/v1/flows/{board.flow}/attendances"
    field_refused(ana.request("GET", path, params={"sort": "phone"}), "sort")
    field_refused(ana.request("GET", path, params={"filed": "burnt"}), "filed")
    refused(ana.request("GET", path, params={"tag_id": "nothing"}), 404, "tag_not_found")
    refused(ana.request("GET", path, params={"cursor": "AAAA"}), 422, "cursor_invalid")
    cursor = ana.get(path, params={"sort": "subject", "limit": 1})["next_cursor"]
    refused(ana.request("GET", path, params={"sort": "value", "cursor": cursor}), 422, "cursor_invalid")


def test_the_flows_of_the_user_are_listed_with_their_counts(ana: Client, board: Board) -> None:
    flows = {one["id"]: one for one in ana.get("/v1/flows")["items"]}
    totals = flows[board.flow]["totals"]
    assert (totals["active"], totals["archived"], totals["trashed"]) == (6, 1, 0)
    assert (totals["quotes_in_approval"], totals["in_approval"]) == (0, [])
    assert ana.get(f"/v1/flows/{board.flow}")["totals"] == totals


def test_columns_are_a_setting_of_the_company(system: System, ana: Client, bruno: Client) -> None:
    before = ana.get("/v1/settings/attendance")
    assert [column["name"] for column in before["columns"]] == list(COLUMNS)
    wanted = [{"name": "subject"}, {"name": "value", "visible": False}, {"name": "state"}]
    changed = ana._ok(ana.request("PATCH", "/v1/settings/attendance", json={"columns": wanted}))
    assert [(c["name"], c["visible"]) for c in changed["columns"]][:4] == [
        ("subject", True),
        ("value", False),
        ("state", True),
        ("reference", False),
    ]
    assert ana.get("/v1/settings/attendance") == changed
    assert bruno.get("/v1/settings/attendance") == before
    for wrong in ([{"name": "subject"}, {"name": "subject"}], [{"name": "subject", "visible": False}]):
        field_refused(ana.request("PATCH", "/v1/settings/attendance", json={"columns": wrong}), "columns")
    unknown = {"columns": [{"name": "phone"}]}
    field_refused(ana.request("PATCH", "/v1/settings/attendance", json=unknown), "columns")
    viewer = member(system, "viewer")
    refused(viewer.request("PATCH", "/v1/settings/attendance", json={"columns": wanted}), 403, "permission_missing")
    ana._ok(ana.request("PATCH", "/v1/settings/attendance", json={"columns": before["columns"]}))


def test_a_renamed_or_merged_person_is_shown_sorted_and_found_by_the_new_name(ana: Client) -> None:
    flow, old, new = new_flow(ana)["id"], unique_word(), unique_word()
    person = ana.register(f"Zelia {old}", contacts=[{"name": "Rita"}])["id"]
    own = opened(ana, "Forno", person, flow_id=flow)["id"]
    ritas = opened(ana, "Estufa", person, flow_id=flow, contact="Rita")["id"]

    def names() -> dict[str, str]:
        return {row["id"]: row["contact_name"] for row in listed(ana, flow, sort="contact_name")}

    assert names() == {ritas: "Rita", own: f"Zelia {old}"}
    ana.patch(f"/v1/persons/{person}", {"name": f"Abigail {new}"})
    wait_for(lambda: names() == {own: f"Abigail {new}", ritas: "Rita"}, what="the new name")
    assert list(names()) == [own, ritas]
    assert [row["id"] for row in listed(ana, flow, q=new)] == [own]
    assert listed(ana, flow, q=old) == []
    survivor = ana.register(f"Sônia {old}")["id"]
    rights.merge(ana, survivor, person)
    wait_for(lambda: names()[own] == f"Sônia {old}", what="the survivor's name")
    assert [row["id"] for row in listed(ana, flow, q=old)] == [own]
    ana.post(f"/v1/persons/{person}/unmerge", None)
    wait_for(lambda: names()[own] == f"Abigail {new}", what="the own name again")
