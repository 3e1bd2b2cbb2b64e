"""Row A13: the board of a flow: a column a tag, counted, with lean cards; the next cards of a column; who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from services.attendance.board.contract import FlowCard
from tests.support.builders import sold, users
from tests.support.builders.attendance import set_up
from tests.support.builders.flows import Board, member, new_flow, new_tag, opened, user_id
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def filled(ana: Client) -> Board:
    return Board(ana)


def columns(client: Client, flow: str, **asked: Any) -> dict[str, dict[str, Any]]:
    return {one["tag"]["name"]: one for one in client.get(f"/v1/flows/{flow}/board", params=asked)["columns"]}


def ids(page: dict[str, Any]) -> list[str]:
    return [card["id"] for card in page["items"]]


def test_all_come_first_then_each_tag_in_its_order_with_its_own_cards(ana: Client, filled: Board) -> None:
    cold = new_tag(ana, filled.flow, "Frio")
    answered = ana.get(f"/v1/flows/{filled.flow}/board")
    assert answered["flow"]["id"] == filled.flow
    found = columns(ana, filled.flow)
    assert [*found] == ["TODOS", "Quente", "Frio"]
    assert [(one["count"], one["exact"]) for one in found.values()] == [(6, True), (2, True), (0, True)]
    assert set(ids(found["TODOS"])) == {one["id"] for one in filled.made[:6]}
    assert set(ids(found["Quente"])) == {filled.made[number]["id"] for number in (0, 3)}
    assert (found["Frio"]["tag"]["id"], found["Frio"]["items"]) == (cold, [])
    assert all(one["next_cursor"] is None for one in found.values())


def test_a_card_says_what_a_board_shows_and_no_more(ana: Client, filled: Board) -> None:
    card = next(one for one in columns(ana, filled.flow)["Quente"]["items"] if one["id"] == filled.made[0]["id"])
    assert set(card) == set(FlowCard().fields)
    assert (card["subject"], card["reference"]) == ("Forno novo", filled.made[0]["reference"])
    assert card["contact_name"] == filled.persons[0]["name"]
    assert [tag["name"] for tag in card["tags"]] == ["Quente"]
    assert (card["value"], card["currency"], card["quotes_in_approval"]) == ("0.00", "BRL", 0)


@pytest.mark.parametrize("sort", ["subject", "-reference", "-updated_at"])
def test_a_column_goes_on_where_its_first_cards_end(ana: Client, filled: Board, sort: str) -> None:
    column = columns(ana, filled.flow, limit=2, sort=sort)["TODOS"]
    assert (len(column["items"]), column["count"]) == (2, 6)
    asked = {"sort": sort, "cursor": column["next_cursor"], "limit": 3}
    more = ana.get(f"/v1/flows/{filled.flow}/cards", params=asked)
    last = ana.get(f"/v1/flows/{filled.flow}/cards", params={**asked, "cursor": more["next_cursor"]})
    whole = ana.get(f"/v1/flows/{filled.flow}/attendances", params={"sort": sort})["items"]
    assert last["next_cursor"] is None
    assert [*ids(column), *ids(more), *ids(last)] == [one["id"] for one in whole]
    tagged = ana.get(f"/v1/flows/{filled.flow}/cards", params={"tag_id": filled.hot})
    assert set(ids(tagged)) == {filled.made[number]["id"] for number in (0, 3)}


def test_quotes_in_approval_are_counted_and_summed_in_every_column_of_their_attendance(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    tag = new_tag(ana, flow, "Negociando")
    talk = opened(ana, "Cotação", flow_id=flow, tag_ids=[tag])
    opened(ana, "Sem nada", flow_id=flow)
    for price in ("100.10", "0.25"):
        ana.post(f"/v1/attendances/{talk['id']}/quotes", sold.offer(price))
    for column in columns(ana, flow).values():
        assert column["quotes_in_approval"] == 2
        assert column["in_approval"] == [{"currency": "BRL", "amount": "100.35"}]
    (card,) = columns(ana, flow)["Negociando"]["items"]
    assert (card["value"], card["quotes_in_approval"]) == ("100.35", 2)


def test_a_board_says_who_is_ordering_its_tags(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    assert ana.get(f"/v1/flows/{flow}/board")["ordering"] is None
    ana.post(f"/v1/flows/{flow}/tag-order/lock", None)
    assert ana.get(f"/v1/flows/{flow}/board")["ordering"]["until"]


def test_only_users_of_the_flow_and_of_the_company_see_it(system: System, ana: Client, bruno: Client) -> None:
    flow = new_flow(ana)["id"]
    for stranger in (member(system, "seller"), bruno):
        for path in ("board", "cards"):
            refused(stranger.request("GET", f"/v1/flows/{flow}/{path}"), 404, "flow_not_found")
    seller = member(system, "seller")
    ana.patch(f"/v1/flows/{flow}", {"user_ids": [user_id(ana), user_id(seller)]})
    assert [*columns(seller, flow)] == ["TODOS"]


def test_who_sees_one_type_only_counts_and_sees_only_that(system: System, ana: Client) -> None:
    seen, hidden = set_up(ana).leaf, set_up(ana).leaf
    narrow = users.narrowed(system, ana, attendance_type=[seen])
    flow = new_flow(ana, user_ids=[user_id(ana), user_id(narrow)])["id"]
    tag = new_tag(ana, flow, "Ambos")
    own = opened(ana, "Vista", flow_id=flow, tag_ids=[tag], type_id=seen)
    opened(ana, "Escondida", flow_id=flow, tag_ids=[tag], type_id=hidden)
    for column in columns(narrow, flow).values():
        assert (column["count"], ids(column)) == (1, [own["id"]])
    assert [one["count"] for one in columns(ana, flow).values()] == [2, 2]
    assert columns(narrow, flow)["Ambos"]["items"][0]["type"]["id"] == seen


def test_wrong_questions_are_refused(ana: Client, filled: Board) -> None:
    path = f"/v1/flows/{filled.flow}"
    field_refused(ana.request("GET", f"{path}/board", params={"sort": "phone"}), "sort")
    field_refused(ana.request("GET", f"{path}/board", params={"limit": 101}), "limit")
    refused(ana.request("GET", f"{path}/cards", params={"tag_id": "nothing"}), 404, "tag_not_found")
    refused(ana.request("GET", f"{path}/cards", params={"cursor": "AAAA"}), 422, "cursor_invalid")
    cursor = ana.get(f"{path}/board", params={"limit": 1, "sort": "subject"})["columns"][0]["next_cursor"]
    asked = {"cursor": cursor, "sort": "-updated_at"}
    refused(ana.request("GET", f"{path}/cards", params=asked), 422, "cursor_invalid")
