"""Row A13: the board of a flow in one call: a column a tag with its first cards, and the cards that follow."""

from __future__ import annotations

from tests.support.builders.flows import Board, member
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_board_is_one_call_and_its_columns_go_on(system: System, ana: Client) -> None:
    made = Board(ana)
    path = f"/v1/flows/{made.flow}"
    everything, hot = ana.get(f"{path}/board", params={"limit": 1})["columns"]
    assert (everything["tag"]["name"], everything["count"], hot["tag"]["name"], hot["count"]) == (
        "TODOS",
        6,
        "Quente",
        2,
    )
    asked = {"tag_id": made.hot, "cursor": hot["next_cursor"]}
    rest = ana.get(f"{path}/cards", params=asked)
    assert {one["id"] for one in (*hot["items"], *rest["items"])} == {made.made[number]["id"] for number in (0, 3)}
    refused(ana.request("GET", f"{path}/cards", params={"tag_id": "nothing"}), 404, "tag_not_found")
    refused(member(system, "seller").request("GET", f"{path}/board"), 404, "flow_not_found")
