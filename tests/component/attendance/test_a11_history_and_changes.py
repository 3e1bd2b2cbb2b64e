"""Row A11: history (all, or by standard text), details, subject, internal contact date, duplicate."""

from __future__ import annotations

from tests.support.builders.attendance import history, open_one, set_up
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


def test_whatever_an_attendance_refers_to_comes_with_its_name(ana: Client) -> None:
    made = set_up(ana, priority="urgent")
    attendance = open_one(ana, made)
    details = ana.get(f"/v1/attendances/{attendance['id']}/details")
    assert details["attendance"] == ana.get(f"/v1/attendances/{attendance['id']}")
    named = {name: attendance[name]["name"] for name in ("type", "center", "workflow", "cycle", "opened_by")}
    assert named == {
        "type": "Reparo de forno", "center": "Triagem", "workflow": "Reparo", "cycle": "Ciclo", "opened_by": "Ana",
    }  # fmt: skip
    assert (details["priority"], details["colour"]) == ("urgent", "#00aa55")
    assert details["person"]["name"].startswith("Cliente")
    assert details["next"]["kind"] == "decision"


def test_subject_and_internal_date_change_and_the_history_says_from_what_to_what(ana: Client) -> None:
    attendance = open_one(ana, set_up(ana))
    path = f"/v1/attendances/{attendance['id']}"

    def change(**fields: object) -> dict[str, object]:
        answer = ana.request("PATCH", path, json=fields)
        assert answer.ok, answer.text
        found: dict[str, object] = answer.json()
        return found

    assert change(subject="Forno trocado")["subject"] == "Forno trocado"
    assert change(internal_contact_date="2031-05-06")["internal_contact_date"] == "2031-05-06"
    change(subject="Forno trocado")
    assert change(internal_contact_date=None)["internal_contact_date"] is None
    assert [(one["kind"], one["text"]) for one in history(ana, attendance)] == [
        ("change", "Assunto: de “Forno não liga” para “Forno trocado”."),
        ("change", "Data de contato interno: de “(sem data)” para “06/05/2031”."),
        ("change", "Data de contato interno: de “06/05/2031” para “(sem data)”."),
    ]
    field_refused(ana.request("PATCH", path, json={"subject": " "}), "subject")
    field_refused(ana.request("PATCH", path, json={"internal_contact_date": "06/05/2031"}), "internal_contact_date")
    field_refused(ana.request("PATCH", path, json={"state": "closed"}), "state")
    ana.post(f"{path}/close", None)
    refused(ana.request("PATCH", path, json={"subject": "Tarde"}), 409, "attendance_closed")
    later = {"internal_contact_date": "2031-01-01"}
    refused(ana.request("PATCH", path, json=later), 409, "attendance_closed")


def test_a_duplicate_takes_the_main_data_and_says_whose_copy_it_is(ana: Client) -> None:
    made = set_up(ana)
    original = open_one(ana, made, due_at="2031-01-05T10:00:00Z")
    path = f"/v1/attendances/{original['id']}"
    ana.post(f"{path}/entries", {"text": "Era a tomada.", "answer": "nao", "position": 0})
    copy = ana.post(f"{path}/duplicate", None)
    for name in ("person_id", "subject", "type", "due_at", "workflow", "cycle"):
        assert copy[name] == original[name], name
    assert (copy["state"], copy["center"]["id"], copy["duplicate_of"]) == ("open", made.triage, original["id"])
    assert copy["reference"] > original["reference"]
    told = history(ana, copy)
    assert [(one["kind"], one["text"]) for one in told] == [
        ("system", f"Duplicado do atendimento nº {original['reference']}.")
    ]
    refused(ana.request("POST", "/v1/attendances/nada/duplicate"), 404, "attendance_not_found")
