"""Row A8: files attached to entries: sent as streams, checked by content, seen by who sees the attendance."""

from __future__ import annotations

import hashlib
import http.client
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.support.builders.attachments import MIB, leftovers, path_of, picture, sent, upload
from tests.support.builders.attendance import open_one, set_up
from tests.support.builders.people import cpf
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

LIMIT = 10 * MIB


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Com anexos", document=cpf())
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Visita"})
    return opened


def test_a_file_is_sent_recorded_with_an_entry_and_fetched_again(ana: Client, attendance: dict[str, Any]) -> None:
    content = picture(700_000)
    made = sent(ana, attendance, "Orçamento “final” – ção 😀.png", content)
    assert (made["size"], made["media_type"], made["kind"], made["staged"]) == (700_000, "image/png", "image", True)
    assert made["digest"] == hashlib.sha256(content).hexdigest()
    body = {"text": "Segue a foto", "attachment_ids": [made["id"]]}
    entry = ana.post(f"/v1/attendances/{attendance['id']}/entries", body)
    assert entry["attachments"] == [{key: made[key] for key in ("id", "name", "media_type", "size")}]
    assert ana.get(f"/v1/attendances/{attendance['id']}/entries")["items"][0]["attachments"] == entry["attachments"]
    listed = ana.get(path_of(attendance))["items"]
    assert [(one["id"], one["entry_id"], one["staged"]) for one in listed] == [(made["id"], entry["id"], False)]

    answer = ana.request("GET", f"{path_of(attendance)}/{made['id']}")
    assert answer.content == content
    assert answer.headers["Content-Length"] == "700000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert f"filename*=UTF-8''{quote(made['name'], safe='!#$&+-.^_`|~')}" in disposition
    etag = answer.headers["ETag"]
    assert etag == f'"{made["digest"]}"'
    again = ana.request("GET", f"{path_of(attendance)}/{made['id']}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_ten_mebibytes_pass_and_one_byte_more_is_refused_while_reading(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    content = picture(LIMIT)
    made = sent(ana, attendance, "grande.png", content)
    assert ana.request("GET", f"{path_of(attendance)}/{made['id']}").content == content
    refused(upload(ana, attendance, "maior.png", content + b"x"), 413, "attachment_too_large")

    def endless() -> Iterator[bytes]:  # sent in chunks: no length is announced
        yield content
        yield b"x"

    refused(upload(ana, attendance, "maior.png", endless()), 413, "attachment_too_large")
    wait_for(lambda: leftovers(system, attendance) == (0, 1, 40), what="refused uploads removed")
    assert ana.get(path_of(attendance), params={"staged": True})["items"][0]["id"] == made["id"]


def test_the_same_key_makes_one_attachment(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    key, content = uuid.uuid4().hex, picture(600_000)
    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(lambda _: upload(ana, attendance, "a.png", content, Idempotency_Key=key), range(3))
        )  # fmt: skip
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    last = upload(ana, attendance, "a.png", content, Idempotency_Key=key)
    assert last.status_code == 201, last.text
    assert {answer.json()["id"] for answer in answers if answer.ok} <= {last.json()["id"]}
    assert leftovers(system, attendance) == (0, 1, 3)
    refused(upload(ana, attendance, "b.png", content, Idempotency_Key=key), 409, "idempotency_key_reused")


def test_an_interrupted_upload_leaves_nothing_and_a_retry_finishes(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    key, content = uuid.uuid4().hex, picture(MIB)
    parts = urlsplit(system.url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    line.putrequest("POST", f"{path_of(attendance)}?name=a.png")
    for name, value in {
        "Authorization": str(ana.http.headers["Authorization"]), "Idempotency-Key": key, "Content-Length": str(MIB),
    }.items():  # fmt: skip
        line.putheader(name, value)
    line.endheaders()
    line.send(content[: MIB // 2])
    line.close()
    assert leftovers(system, attendance) == (0, 0, 0), "nothing is passed on before it is whole"
    for staged in (True, False):
        assert ana.get(path_of(attendance), params={"staged": staged})["items"] == []
    made = upload(ana, attendance, "a.png", content, Idempotency_Key=key)
    assert made.status_code == 201, made.text
    assert made.json()["digest"] == hashlib.sha256(content).hexdigest()
    assert leftovers(system, attendance) == (0, 1, 4)


def test_a_killed_service_leaves_nothing_visible_and_the_retry_finishes(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    key, content, service = uuid.uuid4().hex, picture(LIMIT), system.processes["attendance"]
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(upload, ana, attendance, "a.png", content, Idempotency_Key=key)
        wait_for(lambda: leftovers(system, attendance)[2] >= 2, what="some parts")
        service.kill()
        assert leftovers(system, attendance)[:2] == (1, 0)
        system.restart("attendance")
        system.wait_ready("attendance")
        broken = running.result()
    if not broken.ok:
        assert broken.status_code == 503, broken.text
        assert ana.get(path_of(attendance), params={"staged": True})["items"] == []
    # what the killed process held open, the database may keep for a while
    wait_for(lambda: upload(ana, attendance, "a.png", content, Idempotency_Key=key).ok, 90, "the retry")
    found = ana.get(path_of(attendance), params={"staged": True})["items"]
    assert [one["digest"] for one in found] == [hashlib.sha256(content).hexdigest()]
    assert leftovers(system, attendance) == (0, 1, 40)


def test_the_type_says_whether_and_how_much_may_be_attached(ana: Client) -> None:
    none = open_one(ana, set_up(ana, attachments_allowed=False))
    refused(upload(ana, none, "a.txt", b"a"), 409, "attachments_not_allowed")
    small = open_one(ana, set_up(ana, attachments_allowed=True, attachment_limit=MIB))
    sent(ana, small, "a.png", picture(MIB))
    refused(upload(ana, small, "b.png", picture(MIB + 1)), 413, "attachment_too_large")
