"""Row N10: where a message from a customer goes, and what it becomes there; once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.attendance.attendances import commands as attendances_commands
from services.attendance.filing import commands as filing_commands
from services.attendance.flows import commands as flows_commands
from services.attendance.received import commands, queries, subscribers
from services.chassis.errors import NotReplicatedYet
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from tests.support.builders.attendance_in_memory import FLOW, OPENED, office, run, told
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
PDF = {"name": "assinado.pdf", "media_type": "application/pdf", "content": b"%PDF-1.7\n" + b"x" * 300_000}
MESSAGE: dict[str, Any] = {
    "message_id": "m1", "channel": "email", "kind": "message", "person_id": "p1", "attendance_id": None,
    "sender": "rita@cliente.example", "sender_name": "Rita", "subject": "Forno", "text": "Aceito.", "quoted": "> Segue",
    "verified": True, "received_at": NOW, "files": [], "left_out": [],
}  # fmt: skip


def hear(memory: Memory, sequence: int = 1, **data: Any) -> str | None:
    """The attendance that it was filed in."""
    event = ReceivedEvent("e1", "c1", "m1", sequence, NOW, {**MESSAGE, **data})
    handler: Any = subscribers.on_notifications_message_received
    memory.run(lambda tx: handler.__wrapped__(tx, event))
    filed = told(memory, "message_filed")[-1]
    assert filed["sequence"] == sequence
    place: str | None = filed["attendance_id"]
    return place


def opened(memory: Memory, **data: Any) -> str:
    return str(run(memory, attendances_commands.open_attendance, **{**OPENED, **data})["id"])


def entries(memory: Memory, attendance: str | None) -> list[dict[str, Any]]:
    return [one for one in memory.documents("entries") if one["attendance_id"] == attendance]


def rule(memory: Memory, **data: Any) -> None:
    run(memory, commands.change_receiving_rule, **data)


def test_a_message_becomes_an_entry_of_the_attendance_that_it_answers() -> None:
    memory = office()
    answered, other = opened(memory), opened(memory)
    assert hear(memory, attendance_id=answered, files=[PDF], left_out=["video.mp4"]) == answered
    (entry,) = entries(memory, answered)
    assert (entry["kind"], entry["author"], entry["author_name"]) == ("email_received", "", "Rita")
    assert entry["text"] == "Aceito.\n\nAnexos que não foram guardados:\n- video.mp4: grande demais"
    assert (entry["data"]["quoted"], entry["data"]["sender"]) == ("> Segue", "rita@cliente.example")
    (file,) = memory.documents("attachments")
    assert (file["entry_id"], file["parts"], file["uploaded_by_name"]) == (entry["_id"], 2, "Rita")
    assert b"".join(part["data"] for part in memory.documents("attachment_parts")) == PDF["content"]
    assert entries(memory, other) == []


def test_who_answers_for_the_attendance_is_told_and_the_customer_gets_no_copy() -> None:
    memory = office()
    hear(memory, attendance_id=opened(memory))
    (heard,) = told(memory, "entry_recorded")
    assert (heard["told_user_ids"], heard["notify_customer"], heard["email"]) == (["u1"], False, None)
    assert heard["kind"] == "email_received"


def test_a_file_that_no_user_could_attach_is_named_and_not_kept() -> None:
    memory = office()
    bad = [
        {"name": "virus.exe", "media_type": "application/pdf", "content": b"MZ"},
        {"name": "falso.pdf", "media_type": "application/pdf", "content": b"MZ"},
        {"name": "vazio.pdf", "media_type": "application/pdf", "content": b""},
    ]
    (entry,) = entries(memory, hear(memory, files=[*bad, PDF], text=""))
    codes = [one["code"] for one in entry["data"]["refused"]]
    assert codes == ["attachment_kind_refused", "attachment_content_mismatch", "attachment_empty"]
    assert [one["name"] for one in entry["attachments"]] == ["assinado.pdf"]
    assert "- virus.exe: tipo ou conteúdo não aceito" in entry["text"]
    assert len(memory.documents("attachments")) == 1


def test_an_empty_message_says_so() -> None:
    memory = office()
    (entry,) = entries(memory, hear(memory, text=""))
    assert entry["text"] == "(mensagem sem texto)"


def test_what_answers_nothing_goes_to_the_latest_open_attendance_of_a_certain_sender_only() -> None:
    memory = office()
    opened(memory)
    latest = opened(memory)
    assert hear(memory) == latest
    unsure = hear(memory, message_id="m2", verified=False)
    assert unsure not in (latest, None)
    assert entries(memory, unsure)[0]["data"]["verified"] is False


def test_the_rule_opens_a_new_one_of_its_type_for_its_user_or_none() -> None:
    memory = office()
    memory.collection("users").insert({"_id": "c1:u7", "sequence": 1, "active": True, "name": "Bia"})
    rule(memory, responsible_id="u7", joins_open=False)
    opened(memory)
    place = hear(memory)
    made = memory.collection("attendances").kept[place or ""]
    assert (made["title"], made["next_user_id"], made["opened_by"]) == ("Forno", "u7", None)
    assert told(memory, "entry_recorded")[-1]["told_user_ids"] == ["u7"]
    rule(memory, opens=False)
    assert hear(memory, message_id="m2") is None
    assert hear(memory, message_id="m3", subject="", channel="whatsapp") is None
    rule(memory, opens=True)
    assert memory.collection("attendances").kept[hear(memory, message_id="m4", subject="", channel="whatsapp") or ""][
        "title"
    ] == "Mensagem de WhatsApp"  # fmt: skip
    assert memory.read(lambda session: queries.get_receiving_rule.__wrapped__(session, {})).responsible_id == "u7"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("data", "code"),
    [({"responsible_id": "nobody"}, "user_not_found"), ({"type_id": "nothing"}, "type_not_found")],
)
def test_a_rule_names_what_there_is(data: dict[str, Any], code: str) -> None:
    assert office().refusal(commands.change_receiving_rule, **data) == code


def test_a_closed_attendance_goes_on_in_one_that_names_it_and_is_seen_by_the_same() -> None:
    memory = office()
    flow = run(memory, flows_commands.create_flow, **FLOW, users=["u1"])
    closed = opened(memory, flow_id=flow.id)
    run(memory, attendances_commands.close_attendance, attendance_id=closed)
    first = hear(memory, attendance_id=closed)
    note, entry = entries(memory, first)
    assert (note["kind"], note["data"]["continues"]) == ("system", closed)
    assert note["text"] == "Continuação do atendimento nº 1, que está encerrado."
    assert entry["kind"] == "email_received"
    made = memory.collection("attendances").kept[first or ""]
    assert (made["flow_id"], made["title"], made["next_user_id"]) == (flow.id, "Visita", "u1")
    assert hear(memory, attendance_id=closed, message_id="m2") == first
    run(memory, attendances_commands.close_attendance, attendance_id=first)
    second = hear(memory, attendance_id=closed, message_id="m3")
    assert second not in (first, closed, None)
    run(memory, filing_commands.trash_attendance, attendance_id=second)
    assert hear(memory, attendance_id=closed, message_id="m4") not in (first, second, closed, None)
    rule(memory, opens=False)
    run(
        memory, attendances_commands.close_attendance, attendance_id=hear(memory, attendance_id=closed, message_id="m5")
    )
    assert hear(memory, attendance_id=closed, message_id="m6") is None


def test_one_in_the_trash_or_of_another_person_is_not_answered() -> None:
    memory = office()
    memory.collection("persons").insert({"_id": "p2", "name": "Rui", "sequence": 1})
    trashed, others = opened(memory), opened(memory, person_id="p2")
    run(memory, filing_commands.trash_attendance, attendance_id=trashed)
    found = {hear(memory, attendance_id=one, message_id=one) for one in (trashed, others)}
    assert not found & {trashed, others, None}


def test_an_automatic_answer_is_an_entry_of_what_it_answers_and_opens_and_tells_nothing() -> None:
    memory = office()
    answered = opened(memory)
    assert hear(memory, kind="automatic_answer", attendance_id=answered) == answered
    (heard,) = told(memory, "entry_recorded")
    assert (heard["automatic"], heard["told_user_ids"]) == (True, [])
    run(memory, attendances_commands.close_attendance, attendance_id=answered)
    opened(memory)
    assert hear(memory, kind="automatic_answer", attendance_id=answered, message_id="m2") is None
    assert hear(memory, kind="automatic_answer", message_id="m3") is None


def test_nothing_is_written_of_an_erased_person_and_an_unknown_one_is_waited_for() -> None:
    memory = office()
    memory.collection("persons").insert({"_id": "p2", "name": "Apagada", "sequence": 1, "erased": True})
    assert hear(memory, person_id="p2") is None
    with pytest.raises(NotReplicatedYet):
        hear(memory, person_id="p3")
    assert memory.documents("entries") == []


def test_whoever_assigned_it_the_words_are_the_customers() -> None:
    memory = office()
    memory.actor = Actor("u9", "Bia")
    (entry,) = entries(memory, hear(memory, sequence=2))
    assert (entry["author"], entry["author_name"]) == ("", "Rita")
