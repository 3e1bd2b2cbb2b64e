"""Row A2: workflows are drawn, checked, published in versions; a running attendance keeps the one it began with."""

from __future__ import annotations

from tests.support.builders.attendance import open_one, put, set_up
from tests.support.stack.system import Client

PATH = "/v1/workflows"


def test_a_workflow_is_drawn_checked_and_published_in_versions(ana: Client) -> None:
    made = set_up(ana)
    shown = ana.get(f"{PATH}/{made.workflow}")
    assert (shown["published"], [item["id"] for item in shown["items"]][:2]) == (1, ["entrada", "defeito"])
    again = ana.post(f"{PATH}/{made.workflow}/publish", None)
    assert again["published"] == 1, "the same graph makes no new version"
    put(ana, f"{PATH}/{made.workflow}", {"name": "Outro", "items": made.items(), "only_graph_centers": False})
    assert ana.post(f"{PATH}/{made.workflow}/publish", None)["published"] == 2
    assert made.workflow in [one["id"] for one in ana.get(PATH)["items"]]


def test_a_dry_run_counts_who_would_be_stranded_and_nobody_moves(ana: Client) -> None:
    made = set_up(ana)
    staying, leaving = open_one(ana, made), open_one(ana, made)
    ana.post(f"/v1/attendances/{leaving['id']}/move", {"answer": "sim", "position": 0})
    without_workshop = [made.items()[0], {**made.items()[3]}]
    put(ana, f"{PATH}/{made.workflow}", {"name": "Curto", "items": without_workshop})
    checked = ana.get(f"{PATH}/{made.workflow}/check")
    assert checked["publishable"]
    assert (checked["stranded_count"], checked["stranded"][0]["references"]) == (1, [leaving["reference"]])
    assert checked["stranded"][0]["center"]["id"] == made.workshop
    before = [ana.get(f"/v1/attendances/{one['id']}") for one in (staying, leaving)]
    assert ana.post(f"{PATH}/{made.workflow}/publish", None)["published"] == 2
    assert [ana.get(f"/v1/attendances/{one['id']}") for one in (staying, leaving)] == before
    offered = ana.get(f"/v1/attendances/{leaving['id']}/next")
    assert [center["id"] for center in offered["centers"]] == [made.triage, made.done]
    fresh = open_one(ana, made)
    assert fresh["workflow_version"] == 2
    offered = ana.get(f"/v1/attendances/{fresh['id']}/next")
    assert [center["id"] for center in offered["centers"]] == [made.done]
