"""Row P7: an erased person leaves no name, e-mail, phone or document anywhere; a receipt says what is kept and why."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pika
import pytest
from bson import json_util

from services.chassis.access.context import SIGNATURE_HEADER
from tests.support.builders import people, rights
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES, Client, System

REQUEST = {"reason": "Pedido do titular", "legal_request": "Protocolo 2026/17"}
FILES = ("attachments", "attachment_parts", "uploads")
DELAYS = (1, 5, 30, 300)


@dataclass
class Known:
    """A person, and the words that name it."""

    id: str
    word: str
    words: list[str]
    attendance: str


@pytest.fixture
def known(system: System, ana: Client) -> Known:
    """With records in every service, and all four values in free texts too."""
    word = people.unique_word() + people.unique_word()
    name, email, phone, cpf = f"Maria {word}", f"{word.lower()}@casa.example", people.phone(), people.cpf()
    person = ana.register(
        name, short_name=word, document=cpf, category_ids=["client"],
        emails=[{"address": email}], phones=[{"number": phone}],
    )["id"]  # fmt: skip
    ana.post(f"/v1/persons/{person}/contacts", {"name": f"Rita {word}", "email": f"rita@{word.lower()}.example"})
    ana.post(f"/v1/persons/{person}/addresses", {"street": f"Rua {word}", "city": "Curitiba", "state": "PR"})
    told = f"{name}, {email}, {phone}, CPF {cpf}"
    made = rights.with_records(ana, person, told)
    path = f"/v1/attendances/{made['attendance']['id']}"
    files = [attached(ana, path, f"{state} {word}.txt", told) for state in ("gravado", "à espera")]
    ana.post(f"{path}/entries", {"text": f"Ligar para {told}", "attachment_ids": files[:1]})
    consent = {"purpose": "marketing", "channel": "email", "given": True, "source": "formulário", "evidence": told}
    ana.post(f"/v1/persons/{person}/consents", consent)
    wait_for(lambda: rights.quiet(system), what="a quiet bus")
    return Known(person, word, [word, word.lower(), phone, cpf], made["attendance"]["id"])


def attached(ana: Client, attendance: str, name: str, text: str) -> str:
    """A file that says the text."""
    answer = ana.request("POST", f"{attendance}/attachments", params={"name": name}, data=text.encode())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def done(ana: Client, person: str) -> dict[str, Any]:
    def finished() -> Any:
        found = ana.get(f"/v1/persons/{person}/erasure")
        return found if found["state"] == "done" else None

    found: dict[str, Any] = wait_for(finished, 90, "the erasure done")
    return found


@pytest.fixture
def channel(system: System) -> Iterator[Any]:
    connection = pika.BlockingConnection(pika.URLParameters(system.env["AMQP_URI"]))
    opened = connection.channel()
    opened.confirm_delivery()
    yield opened
    connection.close()


@cache
def queues(system: System) -> list[str]:
    """Every queue of the broker, by its own account."""
    told = system.broker.node.ctl("list_queues", "-q", "--no-table-headers", "name")
    return [line.split("\t")[0].strip() for line in str(told).splitlines() if line.strip() and " " not in line.strip()]


def copies(system: System, channel: Any, words: list[str]) -> list[str]:
    """Where one of the words is found: collections of all databases, and messages of all queues."""
    found = []
    for service in SERVICES:
        database = system.mongo(service)
        for name in database.list_collection_names():
            for document in database[name].find():
                # the bytes of files too, as text
                readable = {k: v.decode(errors="replace") if isinstance(v, bytes) else v for k, v in document.items()}
                text = json_util.dumps(readable, ensure_ascii=False)
                found += [f"{service}.{name} {document['_id']}: {word}" for word in words if word in text]
    for queue in queues(system):
        for body in messages(channel, queue):
            found += [f"{queue}: {word}" for word in words if word in body]
    return found


def waiting(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def messages(channel: Any, queue: str) -> list[str]:
    """All messages of a queue, which stay there."""
    taken, last = [], 0
    while True:
        method, _, body = channel.basic_get(queue)
        if method is None:
            break
        taken.append(body.decode(errors="replace"))
        last = method.delivery_tag
    if last:
        channel.basic_nack(last, multiple=True, requeue=True)
    return taken


def test_nothing_that_names_the_person_is_left_and_the_receipt_says_what_is_kept(
    system: System, ana: Client, known: Known, channel: Any
) -> None:
    assert len(queues(system)) > 40
    assert len(copies(system, channel, known.words)) > 10, "the search finds them before"
    parked = park(channel, known)
    asked = ana.post(f"/v1/persons/{known.id}/erasure", REQUEST)
    assert asked["state"] == "running"
    found = done(ana, known.id)
    assert copies(system, channel, known.words) == []
    assert {receipt["service"]: receipt["state"] for receipt in found["receipts"]} == dict.fromkeys(
        ("attendance", "notifications", "sales", "scheduling", "people", "messages"), "done"
    )
    items = {(r["service"], item["what"]): item for r in found["receipts"] for item in r["items"]}
    assert items["attendance", "entries"]["count"] == 3
    assert items["attendance", "attendances"]["count"] == 2
    assert items["sales", "actions"]["count"] == 1
    assert (
        items["attendance", "attachments"]["outcome"] == items["attendance", "attachment_parts"]["outcome"] == "erased"
    )
    database = system.mongo("attendance")
    assert not any(database[name].find_one({"attendance_id": known.attendance}) for name in FILES)
    assert items["notifications", "watches"]["outcome"] == "erased"
    assert items["people", "consents"]["count"] == 1
    assert items["messages", "messages"]["count"] >= 3
    for item in items.values():
        assert item["outcome"] != "kept" or "LGPD art." in item["basis"], item
    for what in (("attendance", "entries"), ("notifications", "deliveries"), ("people", "consents")):
        assert "LGPD art." in items[what]["basis"]
    # what is kept of others is untouched
    assert [body for body in messages(channel, "dead.sales") if parked in body] == [parked]
    assert any(parked in body for body in messages(channel, "retry.sales.300"))


def park(channel: Any, known: Known) -> str:
    """Parked events and a broken request that name the person, beside messages of nobody; the text of these."""
    nobody = json.dumps({"data": {"text": f"de ninguém {people.unique_word()}"}})
    theirs = json.dumps({"data": {"person_id": known.id, "person_name": known.words[0]}})
    broken = f'{{"kwargs": {{"document": "{known.words[3]}"'
    for queue, body, headers in (
        ("dead.sales", nobody, {"vinculo-reason": "KeyError"}),
        ("dead.sales", theirs, {"vinculo-reason": "KeyError"}),
        ("dead.people", broken, {"vinculo-reason": "message_unreadable"}),
    ):
        channel.basic_publish("", queue, body, pika.BasicProperties(headers=headers, delivery_mode=2))
    for body in (nobody, theirs):
        # where the delay's end leads to: a queue where the message stays
        channel.basic_publish("retry.sales.300", "dead.sales", body, pika.BasicProperties(delivery_mode=2))
    return nobody


def test_the_record_stays_by_its_code_and_takes_nothing_more(ana: Client, known: Known) -> None:
    code = ana.get(f"/v1/persons/{known.id}")["code"]
    ana.post(f"/v1/persons/{known.id}/erasure", REQUEST)
    done(ana, known.id)
    record = ana.get(f"/v1/persons/{known.id}")
    assert (record["code"], record["name"], record["document"]) == (code, "Pessoa apagada", None)
    assert record["emails"] == record["phones"] == record["addresses"] == record["contacts"] == []
    assert ana.get("/v1/persons", params={"q": known.word})["items"] == []
    asked = {"q": f"#{code}", "state": "inactive"}
    assert [found["id"] for found in ana.get("/v1/persons", params=asked)["items"]] == [known.id]
    path = f"/v1/persons/{known.id}"
    refused(ana.request("POST", f"{path}/erasure", json=REQUEST), 409, "person_erased")
    refused(ana.request("POST", f"{path}/contacts", json={"name": "Rita"}), 409, "person_erased")
    refused(ana.request("POST", f"{path}/attendances", json={"subject": "Visita"}), 409, "person_erased")
    sent = ana.request("POST", f"/v1/attendances/{known.attendance}/attachments", params={"name": "a.txt"}, data=b"a")
    refused(sent, 409, "person_erased")
    refused(ana.request("POST", f"{path}/opportunities", json={"subject": "Forno"}), 409, "person_erased")
    refused(ana.request("PUT", f"{path}/watchers/me"), 409, "person_erased")
    shown = rights.lists(ana, known.id)
    assert {item["subject"] for item in shown["attendances"]["items"]} == {"[eliminado]"}
    assert {entry["text"] for page in shown["entries"] for entry in page["items"]} == {"[eliminado]"}
    assert shown["watchers"]["items"] == []
    other = ana.register(f"Outra {people.unique_word()}")
    merge = {"person_id": known.id, "survivor_version": 1, "person_version": 1}
    refused(ana.request("POST", f"/v1/persons/{other['id']}/merge", json=merge), 409, "person_erased")


def test_while_a_service_is_silent_the_erasure_waits_for_its_receipt(system: System, ana: Client) -> None:
    word = people.unique_word()
    person, twin, other = (ana.register(f"{name} {word}")["id"] for name in ("Uma", "Igual", "Outra"))
    rights.merge(ana, person, twin)
    path = f"/v1/persons/{person}/erasure"
    system.processes["sales"].signal(signal.SIGSTOP)
    try:
        ana.post(path, REQUEST)
        states = {"attendance": "done", "notifications": "done", "scheduling": "done"}
        wanted = {**states, "sales": "running", "people": "running", "messages": "running"}
        wait_for(lambda: {r["service"]: r["state"] for r in ana.get(path)["receipts"]} == wanted, what="three receipts")
        refused(ana.request("POST", path, json=REQUEST), 409, "erasure_running")
        body = {"person_id": other, "survivor_version": 1, "person_version": 1}
        refused(ana.request("POST", f"/v1/persons/{person}/merge", json=body), 409, "erasure_running")
        refused(ana.request("POST", f"/v1/persons/{twin}/unmerge", json={}), 409, "erasure_running")
        assert ana.get(f"/v1/persons/{person}")["name"] == f"Uma {word}"
    finally:
        system.processes["sales"].signal(signal.SIGCONT)
    assert done(ana, person)["finished_at"]
    assert ana.get(f"/v1/persons/{twin}")["name"] == "Pessoa apagada"


def test_who_was_merged_into_the_person_is_erased_too(
    system: System, ana: Client, known: Known, channel: Any
) -> None:  # fmt: skip
    word = people.unique_word() + people.unique_word()
    twin = ana.register(f"Mariana {word}", document=people.cpf(), emails=[{"address": f"{word.lower()}@um.example"}])
    rights.with_records(ana, twin["id"], word)
    rights.merge(ana, known.id, twin["id"])
    words = [*known.words, word, word.lower(), twin["document"]]
    # asked by the id that leads to the survivor
    assert ana.post(f"/v1/persons/{twin['id']}/erasure", REQUEST)["person_id"] == known.id
    found = done(ana, twin["id"])
    assert set(found["persons"]) == {known.id, twin["id"]}
    assert copies(system, channel, words) == []
    refused(ana.request("POST", f"/v1/persons/{twin['id']}/unmerge", json={}), 409, "person_erased")


def test_late_news_of_the_person_brings_nothing_back(system: System, ana: Client, known: Known, channel: Any) -> None:
    """Events of before that were still on their way, delivered after the erasure."""
    ana.post(f"/v1/persons/{known.id}/erasure", REQUEST)
    done(ana, known.id)
    changed = {"person_id": known.id, "code": 1, "name": f"Maria {known.word}", "email": None}
    entry = {
        "attendance_id": "a" * 32, "entry_id": "b" * 32, "person_id": known.id, "person_name": f"Maria {known.word}",
        "title": known.word, "text": known.word, "author_name": "Ana", "recorded_at": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip
    created = {
        "opportunity_id": "c" * 32, "attendance_id": "d" * 32, "person_id": known.id, "description": known.word,
    }  # fmt: skip
    company = ana.session["company"]["id"]
    for source, name, data in (
        ("people", "person_changed", changed),
        ("attendance", "entry_recorded", entry),
        ("sales", "opportunity_created", created),
    ):
        envelope = {
            "id": people.unique_word(), "source": source, "name": name, "version": 1, "company": company,
            "aggregate": known.id, "sequence": 99, "actor": {"id": "x", "name": "x"}, "cause": "x",
            "at": "2026-01-01T00:00:00+00:00", "data": data,
        }  # fmt: skip
        body = json.dumps(envelope).encode()
        headers = {SIGNATURE_HEADER: system.keys.ring(source).sign(f"{source}.{name}".encode(), body)}
        properties = pika.BasicProperties(headers=headers, content_type="application/json", delivery_mode=2)
        channel.basic_publish(f"{source}.events", name, body, properties)
    readers = [queue for queue in queues(system) if queue.startswith("evt-")]
    wait_for(lambda: not any(waiting(channel, queue) for queue in readers), what="all heard")
    wait_for(lambda: copies(system, channel, known.words) == [], 30, "no copy")
