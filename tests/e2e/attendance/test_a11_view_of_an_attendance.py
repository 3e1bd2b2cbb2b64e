"""Row A11: the screen of an attendance is one call: details, history, own draft, standard texts, neighbours."""

from __future__ import annotations

from tests.support.builders.attendance import attach, open_one, put, set_up
from tests.support.builders.flows import member, new_flow, user_id
from tests.support.problems import refused
from tests.support.stack.system import Client, System

TEXTS = [{"id": "contatado", "name": "Contatado", "text": "Cliente {{pessoa}} contatado."}]


def test_one_call_shows_an_attendance_whole(system: System, ana: Client, bruno: Client) -> None:
    made = set_up(ana, attachments_allowed=True, standard_texts=TEXTS)
    flow = new_flow(ana, user_ids=[user_id(ana)])["id"]
    before, opened, behind = (open_one(ana, made, flow_id=flow, subject=subject) for subject in ("um", "dois", "tres"))
    own = f"/v1/attendances/{opened['id']}"
    ana.post(f"{own}/entries", {"text": "Vou ver."})
    put(ana, f"{own}/draft", {"content": {"text": "Liguei e"}})
    attach(ana, opened["id"], "foto.txt", b"forno")

    shown = ana.get(f"{own}/view", params={"flow_id": flow, "sort": "reference"})
    details = shown["details"]["attendance"]
    assert (details["id"], details["type"]["name"], details["opened_by"]["name"]) == (
        opened["id"],
        "Reparo de forno",
        "Ana",
    )
    assert [one["text"] for one in shown["entries"]["items"]] == ["Vou ver."]
    assert shown["details"]["next"]["kind"] == "decision"
    assert shown["draft"]["content"]["text"] == "Liguei e"
    assert shown["standard_texts"][0]["text"].endswith("contatado.")
    assert [one["name"] for one in shown["staged"]["items"]] == ["foto.txt"]
    assert shown["neighbours"] == {"previous": before["id"], "next": behind["id"]}

    refused(bruno.request("GET", f"{own}/view"), 404, "attendance_not_found")
    refused(member(system, "attendant").request("GET", f"{own}/view"), 404, "attendance_not_found")
    refused(ana.request("GET", f"{own}/view", params={"sort": "colour"}), 422)
