"""Row A7: an attendance is opened with a first entry: a standard text, and files that were sent before it was there."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest

from services.attendance.attachments import commands as attachments
from services.attendance.attachments.model.attachments import OPENING_SECONDS
from services.attendance.attendances import commands as attendances
from services.attendance.entries import queries as entries_queries
from services.attendance.personal_data import INVENTORY
from services.attendance.session import INDEXES, AttendanceSession
from services.attendance.setup import commands as setup
from services.attendance.setup import contract as setup_contract
from services.attendance.types.model.texts import MOST_FILLED
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.personal_data.inventory import erase_rows
from tests.support.fakes.memory import Memory

KEY, FILE = "ERP-1", b"Segue o laudo."
TYPES = [
    {"id": "visita", "kind": "leaf", "name": "Visita", "attachments_allowed": True, "standard_texts": [
        {"id": "ola", "name": "Olá", "text": "Olá, {{pessoa}}: nº {{referencia}}."},
        {"id": "longo", "name": "Longo", "text": "{{assunto}}" * 1_500},
        {"id": "mail", "name": "E-mail", "text": "Olá.", "use": "email"}]},
    {"id": "fechado", "kind": "leaf", "name": "Fechado", "attachments_allowed": False},
    {"id": "curto", "kind": "leaf", "name": "Curto", "attachments_allowed": True, "attachment_limit": 10},
]  # fmt: skip


@pytest.fixture
def office() -> Memory:
    memory = Memory(AttendanceSession, INDEXES)
    for person_id, name in (("p1", "Rita"), ("p2", "Lia")):
        memory.collection("persons").insert({"_id": person_id, "name": name, "sequence": 1})
    memory.ask(setup.apply_configuration, document={"format": setup_contract.FORMAT, "types": TYPES}, dry_run=False)
    return memory


def body(**more: Any) -> dict[str, Any]:
    return {"person_id": "p1", "title": "Forno", "type_id": "visita", **more}


def begun(office: Memory, **more: Any) -> str:
    asked = {"person_id": "p1", "dedup_key": KEY, "type_id": "visita", "name": "laudo.txt", **more}
    return str(office.ask(attachments.begin_opening_upload, **asked).id)


def sent(office: Memory, **more: Any) -> str:
    upload_id = begun(office, **more)
    office.ask(attachments.send_part, upload_id=upload_id, number=0, data=base64.b64encode(FILE).decode())
    return str(office.ask(attachments.finish_upload, upload_id=upload_id).id)


def entries(office: Memory, attendance_id: str) -> list[Any]:
    return [one for one in office.documents("entries") if one["attendance_id"] == attendance_id]


def test_a_standard_text_is_filled_in_for_the_attendance_that_it_opens(office: Memory) -> None:
    made = office.ask(attendances.open_attendance, **body(standard_text_id="ola"))
    (entry,) = entries(office, made["id"])
    assert entry["text"] == f"Olá, Rita: nº {made['reference']}."
    assert (entry["standard"], entry["standard_text_id"]) == (True, "ola")
    own = office.ask(attendances.open_attendance, **body(standard_text_id="ola", text="Ligou de novo."))
    assert [(one["text"], one["standard"]) for one in entries(office, own["id"])] == [("Ligou de novo.", True)]


def test_a_standard_text_is_one_of_the_type_for_entries_and_not_longer_than_an_entry(office: Memory) -> None:
    for more, code in (
        ({"standard_text_id": "x"}, "standard_text_not_found"),
        ({"standard_text_id": "mail"}, "standard_text_not_found"),
        ({"standard_text_id": "ola", "type_id": "fechado"}, "standard_text_not_found"),
        ({"standard_text_id": "ola", "type_id": None}, "standard_text_not_found"),
        ({"standard_text_id": "longo", "title": "Forno de padaria"}, "standard_text_too_long"),
    ):
        assert office.refusal(attendances.open_attendance, **body(**more)) == code, more
    assert office.documents("attendances") == []
    made = office.ask(attendances.open_attendance, **body(title="Forno de padaria"))
    shown = office.ask(entries_queries.list_standard_texts, attendance_id=made["id"])["items"]
    (long,) = [one["text"] for one in shown if one["id"] == "longo"]
    assert len(long) == MOST_FILLED
    assert long.endswith("não cabe num parecer.")


def test_files_sent_before_it_is_opened_are_those_of_its_first_entry(office: Memory) -> None:
    files = [sent(office), sent(office)]
    opening = {"dedup_key": KEY, "text": "Seguem.", "attachment_ids": files[:1]}
    made = office.ask(attendances.open_attendance, **body(**opening))
    (entry,) = entries(office, made["id"])
    assert [one["id"] for one in entry["attachments"]] == files[:1]
    kept = {one["_id"]: (one["entry_id"], one["staged_by"]) for one in office.documents("attachments")}
    assert kept == {files[0]: (entry["_id"], None), files[1]: (None, "u1")}, "the other waits for a later entry"
    assert office.documents("openings") == []
    assert office.ask(attendances.open_attendance, **body(**opening))["created"] is False
    late = sent(office)
    assert office.documents("openings") == [], "it is opened: the file is sent to it"
    assert office.collection("attachments").kept[late]["attendance_id"] == made["id"]


def test_files_of_somebody_else_of_another_key_or_without_a_text_open_nothing(office: Memory) -> None:
    file = sent(office)
    for more, code in (
        ({"dedup_key": "ERP-2", "text": "Segue."}, "attachment_not_found"),
        ({"dedup_key": KEY}, "entry_text_missing"),
        ({"text": "Segue."}, "input_invalid"),
    ):
        assert office.refusal(attendances.open_attendance, **body(**more, attachment_ids=[file])) == code, more
    office.actor = Actor("u2", "Caio")
    opening = body(dedup_key=KEY, text="Segue.", attachment_ids=[file])
    assert office.refusal(attendances.open_attendance, **opening) == "attachment_not_found"
    assert office.documents("attendances") == []


def test_files_obey_the_type_that_they_are_sent_for_and_the_one_that_is_opened(office: Memory) -> None:
    for more, code in (
        ({"type_id": "fechado"}, "attachments_not_allowed"),
        ({"type_id": "x"}, "type_not_found"),
        ({"person_id": "p9"}, "person_not_found"),
    ):
        asked = {"person_id": "p1", "dedup_key": KEY, "name": "a.txt", **more}
        assert office.refusal(attachments.begin_opening_upload, **asked) == code, more
    opening = body(dedup_key=KEY, text="Segue.", attachment_ids=[sent(office)])
    for type_id, code in (("fechado", "attachments_not_allowed"), ("curto", "attachment_too_large")):
        assert office.refusal(attendances.open_attendance, **{**opening, "type_id": type_id}) == code
    assert office.ask(attendances.open_attendance, **opening)["created"]


def test_a_key_is_one_persons_from_the_first_file_on(office: Memory) -> None:
    sent(office)
    asked = {"person_id": "p2", "dedup_key": KEY, "type_id": None, "name": "a.txt"}
    assert office.refusal(attachments.begin_opening_upload, **asked) == "dedup_key_reused"
    office.ask(attendances.open_attendance, **body(dedup_key=KEY))
    assert office.refusal(attachments.begin_opening_upload, **asked) == "dedup_key_reused"


def test_an_erasure_leaves_no_file_of_an_attendance_that_was_never_opened(office: Memory) -> None:
    sent(office), begun(office)
    office.run(lambda tx: erase_rows(tx.tenant, INVENTORY, "p1"))
    for name in ("openings", "attachments", "uploads", "attachment_parts"):
        assert office.documents(name) == [], name


def test_what_is_never_opened_ends_after_its_last_file(office: Memory) -> None:
    file = sent(office)
    (opening,) = office.documents("openings")
    left = office.collection("attachments").kept[file]["next_at"]
    assert left < opening["ends_at"] < left + dt.timedelta(seconds=OPENING_SECONDS)


def test_nobody_finishes_a_file_of_an_attendance_that_is_hidden(office: Memory) -> None:
    upload_id = begun(office)
    office.ask(attendances.open_attendance, **body(dedup_key=KEY))
    office.actor = Actor("u1", "Ana", scopes={"attendance_type": ("fechado",)})
    with pytest.raises(NotFound):
        office.ask(attachments.finish_upload, upload_id=upload_id)
