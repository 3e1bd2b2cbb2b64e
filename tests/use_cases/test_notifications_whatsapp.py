"""Row N4 in memory: whose a number is, when it may be written to, and what callbacks change."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import pytest

from deploy.local.whatsapp.callbacks import body_of
from deploy.local.whatsapp.phone import PHONE_NUMBER_ID, TEMPLATES
from services.chassis.access.row_visibility import PERSONS
from services.chassis.errors import Conflict, Forbidden, Invalid
from services.chassis.handling.session import Actor
from services.notifications.audience import queries as audience_queries
from services.notifications.session import INDEXES, NotificationsSession
from services.notifications.whatsapp import commands, queries, uploads
from services.notifications.whatsapp.files import MOST_UNSENT
from services.notifications.whatsapp.incoming import take_message, take_states
from services.notifications.whatsapp.outgoing import message_file, refuse_too_large
from services.notifications.whatsapp.reading import read
from services.notifications.whatsapp_accounts.model import WHATSAPP, WhatsAppAccount, template_of
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
RITA, WITH_NINTH, WITHOUT = "p1", "+5531988888888", "553188888888"
READY = {"name": "pedido_pronto", "values": {"body.1": "Rita", "body.2": "41"}}


@pytest.fixture
def house() -> Memory:
    made = Memory(NotificationsSession, INDEXES, Actor("ana", "Ana", ("notifications.write",)))
    person(made, RITA, WITH_NINTH)
    account = WhatsAppAccount(WHATSAPP, PHONE_NUMBER_ID, "1", "+55 31 3333-4444", "Padaria", "sealed", 600, NOW)
    found = [one for one in map(template_of, TEMPLATES) if one is not None]
    made.run(lambda tx: (tx.whatsapp_accounts.save(account), tx.whatsapp_accounts.put_templates(found)))
    return made


def person(house: Memory, person_id: str, *phones: str) -> None:
    copy = {"_id": person_id, "sequence": 1, "name": person_id, "categories": [], "phones": list(phones)}
    house.collection(PERSONS).insert(copy)


def write(
    house: Memory, number: str = WITHOUT, text: str = "Oi", at: dt.datetime = NOW, wamid: str = "wamid.1"
) -> None:
    one = {"from": number, "id": wamid, "timestamp": str(int(at.timestamp())), "type": "text", "text": {"body": text}}
    _, (told,) = read(json.loads(body_of({"messages": [one]})), PHONE_NUMBER_ID)
    house.run(lambda tx: take_message(tx, told))


def tell(house: Memory, delivery: str, state: str, wamid: str = "wamid.9") -> None:
    one = {"id": wamid, "status": state, "timestamp": str(int(NOW.timestamp())), "biz_opaque_callback_data": delivery}
    (told,), _ = read(json.loads(body_of({"statuses": [one]})), PHONE_NUMBER_ID)
    house.run(lambda tx: take_states(tx, [told]))


def send(house: Memory, **data: Any) -> Any:
    return house.ask(commands.send_whatsapp_message, **{"person_id": RITA, "to": WITH_NINTH, **data})


def conversations(house: Memory) -> dict[str, Any]:
    return {one["number"]: one["person_id"] for one in house.documents("whatsapp_conversations")}


def test_both_forms_of_a_number_are_one_conversation_with_one_window(house: Memory) -> None:
    write(house, WITHOUT)
    write(house, "5531988888888", wamid="wamid.2")
    assert conversations(house) == {WITH_NINTH: RITA}
    assert send(house, text="Olá").status == "queued"
    assert send(house, to="55 31 8888-8888", text="De novo").recipient == WITH_NINTH


def test_a_closed_window_names_the_templates_and_queues_nothing(house: Memory) -> None:
    write(house, at=NOW - dt.timedelta(hours=25))
    with pytest.raises(Conflict) as refused:
        send(house, text="Olá")
    assert refused.value.code == "whatsapp_window_closed"
    assert [one["name"] for one in refused.value.params["templates"]] == [
        "catalogo", "pedido_enviado", "pedido_pronto", "retomar_conversa",
    ]  # fmt: skip
    assert house.documents("deliveries") == []
    assert send(house, template=READY).body.startswith("Olá, Rita!")


def test_a_number_is_its_only_persons_or_whom_the_company_last_wrote_to(house: Memory) -> None:
    shared = "+5511987654321"
    person(house, "p2", shared)
    person(house, "p3", shared)
    write(house, shared.lstrip("+"))
    assert conversations(house)[shared] is None
    send(house, person_id="p3", to=shared, template=READY)
    write(house, shared.lstrip("+"), wamid="wamid.2")
    assert conversations(house)[shared] == "p3"


def test_states_find_the_message_by_what_it_brought_along_before_it_was_recorded(house: Memory) -> None:
    sent = send(house, template=READY)
    tell(house, sent.id, "delivered")
    (row,) = house.documents("deliveries")
    assert (row["status"], row["message_id"]) == ("delivered", "wamid.9")
    tell(house, "", "read")
    tell(house, "", "sent")
    tell(house, "nobody's", "read", wamid="wamid.8")
    (row,) = house.documents("deliveries")
    assert row["status"] == "read"


def test_a_late_failure_of_an_earlier_try_leaves_the_message_that_was_sent_since(house: Memory) -> None:
    """Callbacks come in any order, and again: the customer would get a copy for each."""
    write(house)
    delivery = send(house, text="Olá").id
    tell(house, delivery, "failed", "wamid.a")
    assert [one["status"] for one in house.documents("deliveries")] == ["failed"]
    tell(house, delivery, "sent", "wamid.b")
    tell(house, delivery, "failed", "wamid.a")
    assert [one["status"] for one in house.documents("deliveries")] == ["sent"]
    tell(house, delivery, "failed", "wamid.b")
    assert [one["status"] for one in house.documents("deliveries")] == ["failed"]


def test_a_message_that_one_callback_tells_twice_is_one() -> None:
    """With a file it is work to be done: two rows of one id would refuse the callback for ever."""
    content = {"id": "9", "mime_type": "audio/ogg"}
    one = {"from": WITHOUT, "id": "wamid.3", "timestamp": "1795532400", "type": "audio", "audio": content}
    _, told = read(json.loads(body_of({"messages": [one, one]})), PHONE_NUMBER_ID)
    assert [message.id for message in told] == ["wamid.3"]


def test_a_mail_is_none_of_whatsapps(house: Memory) -> None:
    sent = send(house, template=READY)
    house.collection("deliveries").update_many({"_id": sent.id}, {"$set": {"channel": "email"}})
    tell(house, sent.id, "read")
    assert [row["status"] for row in house.documents("deliveries")] == ["queued"]


def test_windows_are_told_of_each_number(house: Memory) -> None:
    write(house)
    answer = house.ask(queries.get_whatsapp_windows, numbers=[WITH_NINTH, "+551133334444"])
    assert [bool(one["open_until"]) for one in answer["windows"]] == [True, False]
    assert answer["sender"].number == "+55 31 3333-4444"


def test_a_company_without_an_account_and_a_wrong_proof_are_one_answer() -> None:
    empty = Memory(NotificationsSession, INDEXES)
    assert empty.refusal(commands.verify_whatsapp_callback, verify_token="x") == "whatsapp_signature_invalid"
    with pytest.raises(Forbidden, match="whatsapp_signature_invalid"):
        empty.run(lambda tx: commands._read(tx, {"body": b"{}", "signature": "x"}))


def received(house: Memory) -> list[Any]:
    return house.documents("inbound_messages")


def test_a_message_is_handed_to_an_attendance_once(house: Memory) -> None:
    write(house)
    write(house)
    (message,) = received(house)
    assert (message["person_id"], message["text"], message["verified"]) == (RITA, "Oi", True)
    told = [row for row in house.documents("outbox") if row["name"] == "message_received"]
    assert len(told) == 1


def test_an_answer_goes_to_the_attendance_of_the_message_that_it_answers(house: Memory) -> None:
    house.collection("attendances").insert({"_id": "a1", "sequence": 1})
    sent = send(house, template=READY, attendance_id="a1")
    tell(house, sent.id, "delivered")
    one = {"from": WITHOUT, "id": "wamid.2", "timestamp": "1795532400", "type": "button", "button": {"text": "Pode"}}
    _, (told,) = read(json.loads(body_of({"messages": [{**one, "context": {"id": "wamid.9"}}]})), PHONE_NUMBER_ID)
    house.run(lambda tx: take_message(tx, told))
    (message,) = received(house)
    assert (message["attendance_id"], message["delivery_id"], message["text"]) == ("a1", sent.id, "Pode")


def test_a_message_of_nobody_known_waits_for_a_user(house: Memory) -> None:
    write(house, "5521977776666")
    (message,) = received(house)
    assert (message["state"], message["sender"]) == ("unassigned", "+5521977776666")


def test_a_message_with_a_file_waits_for_it_once(house: Memory) -> None:
    content = {"id": "9", "mime_type": "audio/ogg; codecs=opus"}
    one = {"from": WITHOUT, "id": "wamid.3", "timestamp": "1795532400", "type": "audio", "audio": content}
    _, (told,) = read(json.loads(body_of({"messages": [one]})), PHONE_NUMBER_ID)
    for _ in range(2):
        house.run(lambda tx: take_message(tx, told))
    (row,) = house.documents("whatsapp_files")
    assert (row["name"], row["person_id"], bool(row["next_at"])) == ("audio.ogg", RITA, True)
    assert received(house) == []


def test_the_conversation_lists_both_directions_by_pages(house: Memory) -> None:
    for number in range(3):
        write(house, wamid=f"wamid.{number}", text=f"Pergunta {number}", at=NOW + dt.timedelta(seconds=number))
    send(house, text="Resposta")
    first = house.ask(queries.list_whatsapp_messages, person_id=RITA, limit=3)
    rest = house.ask(queries.list_whatsapp_messages, person_id=RITA, cursor=first["next_cursor"])
    found = [*first["items"], *rest["items"]]
    assert sorted(one["text"] for one in found) == ["Pergunta 0", "Pergunta 1", "Pergunta 2", "Resposta"]
    assert [one["at"] for one in found] == sorted((one["at"] for one in found), reverse=True)
    assert rest["next_cursor"] is None


def test_the_audience_says_whether_a_free_message_may_be_sent(house: Memory) -> None:
    def reason() -> str | None:
        told = house.ask(audience_queries.get_audience, person_id=RITA, whatsapp=WITHOUT, watchers=False)["items"]
        assert [(one.channel, one.recipient) for one in told] == [("whatsapp", WITH_NINTH)]
        return str(told[0].reason) if told[0].suppressed else None

    assert reason() == "whatsapp_window_closed"
    write(house)
    assert reason() is None


PDF = b"%PDF-1.7\n" + bytes(100)


def uploaded(house: Memory, name: str = "nota.pdf", content: bytes = PDF) -> str:
    upload_id = str(house.ask(uploads.begin_whatsapp_upload, name=name)["id"])
    part = {"upload_id": upload_id, "number": 0, "data": base64.b64encode(content).decode()}
    house.ask(uploads.add_whatsapp_upload_part, **part)
    return upload_id


def test_a_file_is_sent_once_it_is_whole_with_its_text_as_caption_and_only_once(house: Memory) -> None:
    write(house)
    upload_id = uploaded(house)
    asked = {"person_id": RITA, "to": WITH_NINTH, "file_id": upload_id, "text": "A nota"}
    assert house.refusal(commands.send_whatsapp_message, **asked) == "upload_incomplete"
    house.ask(uploads.finish_whatsapp_upload, upload_id=upload_id)
    sent = house.ask(commands.send_whatsapp_message, **asked)
    assert (sent.body, sent.file["kind"], sent.file["caption"]) == ("A nota", "document", "A nota")
    assert {row["person_id"] for row in house.documents("whatsapp_file_parts")} == {RITA}
    assert house.refusal(commands.send_whatsapp_message, **asked) == "whatsapp_file_not_found"
    part = {"upload_id": upload_id, "number": 1, "data": "YQ=="}
    assert house.refusal(uploads.add_whatsapp_upload_part, **part) == "whatsapp_file_not_found"


def test_what_whatsapp_does_not_take_is_refused_before_it_is_kept(house: Memory) -> None:
    def refusal(name: str, content: bytes) -> str:
        upload_id = house.ask(uploads.begin_whatsapp_upload, name=name)["id"]
        part = {"upload_id": upload_id, "number": 0, "data": base64.b64encode(content).decode()}
        return house.refusal(uploads.add_whatsapp_upload_part, **part)

    assert refusal("nota.pdf", b"MZ") == "attachment_content_mismatch"
    assert refusal("programa.exe", b"MZ") == "attachment_kind_refused"
    assert refusal("foto.gif", b"GIF89a" + bytes(20)) == "attachment_kind_refused"
    with pytest.raises(Invalid, match="attachment_too_large"):
        refuse_too_large("image", (5 << 20) + 1)
    with pytest.raises(Invalid, match="whatsapp_caption_unsupported"):
        message_file({"ready": True, "kind": "audio"}, "legenda")


def test_what_is_uploaded_and_never_sent_gives_way_to_what_is_uploaded_later(house: Memory) -> None:
    begun = [uploaded(house) for _ in range(MOST_UNSENT + 1)]
    assert {row["_id"] for row in house.documents("whatsapp_files")} == {*begun[1:]}
    assert {row["_id"].partition(":")[0] for row in house.documents("whatsapp_file_parts")} == {*begun[1:]}


def test_a_file_needs_the_window_too(house: Memory) -> None:
    upload_id = uploaded(house)
    house.ask(uploads.finish_whatsapp_upload, upload_id=upload_id)
    asked = {"person_id": RITA, "to": WITH_NINTH, "file_id": upload_id}
    assert house.refusal(commands.send_whatsapp_message, **asked) == "whatsapp_window_closed"
    write(house)
    assert house.ask(commands.send_whatsapp_message, **asked).body == "nota.pdf"
