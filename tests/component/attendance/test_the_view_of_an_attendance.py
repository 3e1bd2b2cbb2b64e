"""Rows A8, A9, A11, A12, A14: the screen of one attendance is one call, and shows what its parts show."""

from __future__ import annotations

import pytest

from tests.support.builders import people, users
from tests.support.builders.attendance import open_one, put, set_up
from tests.support.problems import refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client, System

# Commands of the database. Asked one by one, its parts take 28, and eight requests.
BUDGET = 19


def test_it_shows_what_its_parts_show(ana: Client) -> None:
    made = set_up(
        ana, attachments_allowed=True, standard_texts=[{"id": "um", "name": "Um", "text": "Olá, {{pessoa}}."}]
    )
    flow = ana.post("/v1/flows", {"name": people.unique_word()})["id"]
    attendances = [open_one(ana, made, flow_id=flow, subject=f"Forno {letter}") for letter in "abc"]
    path = f"/v1/attendances/{attendances[1]['id']}"
    sent = [ana.request("POST", f"{path}/attachments", params={"name": name}, data=b"x").json() for name in ("a", "b")]
    ana.post(f"{path}/entries", {"text": "Com anexo", "attachment_ids": [sent[0]["id"]]})
    put(ana, f"{path}/draft", {"content": {"text": "Rascunho"}})
    view = ana.get(f"{path}/view", params={"flow_id": flow, "sort": "subject"})
    assert view == {
        "details": ana.get(f"{path}/details"),
        "entries": ana.get(f"{path}/entries"),
        "cycle": ana.get(f"{path}/cycle"),
        "draft": ana.get(f"{path}/draft"),
        "standard_texts": ana.get(f"{path}/standard-texts")["items"],
        "attachments": ana.get(f"{path}/attachments"),
        "staged": ana.get(f"{path}/attachments", params={"staged": True}),
        "neighbours": ana.get(f"/v1/flows/{flow}{path[3:]}/neighbours", params={"sort": "subject"}),
    }
    assert [view["neighbours"][way] for way in ("previous", "next")] == [
        attendances[0]["id"], attendances[2]["id"],
    ]  # fmt: skip
    assert [len(view[name]["items"]) for name in ("entries", "attachments", "staged")] == [1, 1, 1]


def test_without_draft_type_or_flow_those_parts_are_empty(ana: Client) -> None:
    person = ana.register(people.unique_word())
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Conversa"})
    view = ana.get(f"/v1/attendances/{opened['id']}/view")
    assert (view["draft"], view["neighbours"], view["standard_texts"]) == (None, None, [])
    assert view["details"]["next"]["kind"] == "none"


def test_another_users_draft_and_staged_files_are_not_in_it(system: System, ana: Client) -> None:
    opened = open_one(ana, set_up(ana, attachments_allowed=True))
    path = f"/v1/attendances/{opened['id']}"
    ana.request("POST", f"{path}/attachments", params={"name": "a"}, data=b"x").raise_for_status()
    put(ana, f"{path}/draft", {"content": {"text": "Rascunho"}})
    seller = users.as_user(system, users.create(ana, "seller"))
    view = seller.get(f"{path}/view")
    assert (view["draft"], view["staged"]["items"]) == (None, [])


def test_what_may_not_be_seen_is_not_there(system: System, ana: Client, bruno: Client) -> None:
    made = set_up(ana)
    path = f"/v1/attendances/{open_one(ana, made)['id']}/view"
    scopes = {"attendance_type": [set_up(ana).leaf]}
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["attendance.read"], "scopes": scopes})
    narrowed = users.as_user(system, users.create(ana, role["id"]))
    for client in (narrowed, bruno):
        refused(client.request("GET", path), 404, "attendance_not_found")
    refused(ana.request("GET", path, params={"flow_id": "x"}), 404, "flow_not_found")


def test_it_keeps_its_budget(system: InProcessSystem, ana: Client) -> None:
    path = f"/v1/attendances/{open_one(ana, set_up(ana))['id']}/view"
    ana.get(path)
    asked = system.commands_of(lambda: ana.get(path))
    assert len(asked) <= BUDGET, "\n".join(asked)


@pytest.mark.parametrize("wrong", [{"sort": "colour"}, {"filed": "lost"}, {"limt": "5"}])
def test_wrong_filters_are_refused(ana: Client, wrong: dict[str, str]) -> None:
    path = f"/v1/attendances/{open_one(ana, set_up(ana))['id']}/view"
    assert ana.request("GET", path, params=wrong).status_code == 422
