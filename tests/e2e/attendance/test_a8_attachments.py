"""Row A8: files attached to entries: sent as streams, checked by content, seen by who sees the attendance."""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit

import psutil
import pytest
import requests

from tests.support.builders.attendance import open_one, set_up
from tests.support.builders.flows import member, new_flow, opened, user_id
from tests.support.builders.people import cpf
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

MIB = 1 << 20
LIMIT = 10 * MIB
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200)


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Com anexos", document=cpf())
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Visita"})
    return opened


def picture(size: int) -> bytes:
    return PNG + os.urandom(size - len(PNG))


def path_of(attendance: dict[str, Any]) -> str:
    return f"/v1/attendances/{attendance['id']}/attachments"


def upload(who: Client, attendance: dict[str, Any], name: str, content: Any, **headers: str) -> requests.Response:
    headers = {"Content-Type": "application/octet-stream", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return who.request("POST", path_of(attendance), params={"name": name}, data=content, headers=headers, timeout=90)


def sent(who: Client, attendance: dict[str, Any], name: str, content: bytes) -> dict[str, Any]:
    answer = upload(who, attendance, name, content)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def leftovers(system: System, attendance: dict[str, Any]) -> tuple[int, int, int]:
    """Uploads, attachments and parts in the database."""
    database = system.mongo("attendance")
    uploads, found, parts = (
        database[name].count_documents({"attendance_id": attendance["id"]})
        for name in ("uploads", "attachments", "attachment_parts")
    )
    return uploads, found, parts


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


def test_memory_does_not_grow_with_the_files(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    def resident(name: str) -> int:
        process = psutil.Process(system.processes[name].pid)
        return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))

    content = picture(LIMIT)

    def there_and_back(number: int) -> bool:
        client = Client(system.url, "ana@padaria.example")
        made = sent(client, attendance, f"{number}.png", content)
        return client.request("GET", f"{path_of(attendance)}/{made['id']}", timeout=60).content == content

    assert there_and_back(0)  # warm
    before = {name: resident(name) for name in ("gateway", "attendance")}
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(there_and_back, range(1, 9)))
    grown = {name: (resident(name) - was) / MIB for name, was in before.items()}
    print(f"\nresident MiB grown by 8 files of 10 MiB, 4 at once: {grown}")
    assert all(value < 30 for value in grown.values()), grown


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("contrato.pdf", EXE, "attachment_content_mismatch"),
        ("foto.png", b"#!/bin/sh\n", "attachment_content_mismatch"),
        ("nota.txt", EXE, "attachment_content_mismatch"),
        ("programa.exe", EXE, "attachment_kind_refused"),
        ("pacote.zip", b"PK\x03\x04" + bytes(60), "attachment_kind_refused"),
        ("foto\u202egpj.exe", EXE, "attachment_kind_refused"),
        ("vazio.txt", b"", "attachment_empty"),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    system: System, ana: Client, attendance: dict[str, Any], name: str, content: bytes, code: str
) -> None:
    refused(upload(ana, attendance, name, content), 422, code)
    wait_for(lambda: leftovers(system, attendance) == (0, 0, 0), what="nothing left")


def test_names_with_paths_and_controls_are_made_harmless(ana: Client, attendance: dict[str, Any]) -> None:
    for asked, kept in (
        ("../../etc/passwd.txt", "passwd.txt"),
        ("nota\r\nSet-Cookie: a=b.txt", "nota Set-Cookie_ a=b.txt"),
        ("C:\\Users\\ana\\relatório.txt", "relatório.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ):
        made = sent(ana, attendance, asked, b"texto")
        assert made["name"] == kept
        answer = ana.request("GET", f"{path_of(attendance)}/{made['id']}")
        assert "Set-Cookie" not in answer.headers
    field_refused(upload(ana, attendance, "x" * 1001, b"texto"), "name")


def test_what_a_browser_could_run_is_only_downloaded(ana: Client, attendance: dict[str, Any]) -> None:
    for name in ("pagina.html", "desenho.svg"):
        made = sent(ana, attendance, name, b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
        answer = ana.request("GET", f"{path_of(attendance)}/{made['id']}")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


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


def test_an_upload_whose_time_is_over_is_removed(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    sent(ana, attendance, "fica.txt", b"texto")
    database = system.mongo("attendance")
    template = {
        "_id": uuid.uuid4().hex, "company": ana.session["company"]["id"],
        "attendance_id": attendance["id"], "name": "a.txt",
        "limit": LIMIT, "kinds": ["document"], "uploaded_by": "x", "uploaded_by_name": "X", "kind": "document",
        "media_type": "text/plain", "size": 1, "parts": 1, "state": "receiving", "version": 2,
    }  # fmt: skip
    kept = database.attachment_parts.find_one({})
    database.attachment_parts.insert_one(
        {**kept, "_id": f"{template['_id']}:0000", "company": template["company"], "attendance_id": attendance["id"]}
    )
    database.uploads.insert_one({**template, "next_at": dt.datetime.now(dt.UTC)})
    wait_for(lambda: leftovers(system, attendance) == (0, 1, 1), what="expired upload removed")


def test_a_file_that_no_entry_was_recorded_with_is_removed_after_a_day(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    kept, recorded, late = (sent(ana, attendance, f"{name}.txt", b"a") for name in "abc")
    entries = f"/v1/attendances/{attendance['id']}/entries"
    ana.post(entries, {"text": "x", "attachment_ids": [recorded["id"]]})
    rows = system.mongo("attendance").attachments
    day, now = dt.timedelta(hours=24), dt.datetime.now(dt.UTC)
    waits = rows.find_one({"_id": late["id"]})
    assert waits["next_at"] == waits["uploaded_at"] + day
    assert rows.find_one({"_id": recorded["id"]})["next_at"] is None
    rows.update_one({"_id": late["id"]}, {"$set": {"next_at": now}})  # the day is over
    wait_for(lambda: leftovers(system, attendance) == (0, 2, 2), what="the late one is removed")
    refused(ana.request("GET", f"{path_of(attendance)}/{late['id']}"), 404, "attachment_not_found")
    body = {"text": "y", "attachment_ids": [late["id"]]}
    refused(ana.request("POST", entries, json=body), 404, "attachment_not_found")
    ana.post(entries, {"text": "y", "attachment_ids": [kept["id"]]})
    assert ana.request("GET", f"{path_of(attendance)}/{recorded['id']}").content == b"a"


def test_an_attachment_is_deleted_before_its_entry_only(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    kept, gone = sent(ana, attendance, "a.txt", b"a"), sent(ana, attendance, "b.txt", b"b")
    assert ana.request("DELETE", f"{path_of(attendance)}/{gone['id']}").status_code == 200
    refused(ana.request("GET", f"{path_of(attendance)}/{gone['id']}"), 404, "attachment_not_found")
    wait_for(lambda: leftovers(system, attendance) == (0, 1, 1), what="its bytes removed")
    entries = f"/v1/attendances/{attendance['id']}/entries"
    missing = {"text": "x", "attachment_ids": [gone["id"]]}
    refused(ana.request("POST", entries, json=missing), 404, "attachment_not_found")
    ana.post(entries, {"text": "x", "attachment_ids": [kept["id"], kept["id"]]})
    refused(ana.request("DELETE", f"{path_of(attendance)}/{kept['id']}"), 409, "attachment_recorded")
    again = {"text": "y", "attachment_ids": [kept["id"]]}
    refused(ana.request("POST", entries, json=again), 409, "attachment_recorded")
    assert len(ana.get(entries)["items"]) == 1


def test_only_who_sent_it_sees_it_before_its_entry_and_all_who_may_afterwards(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    bia = member(system, "viewer")
    made = sent(ana, attendance, "a.txt", b"a")
    where = f"{path_of(attendance)}/{made['id']}"
    refused(bia.request("GET", where), 404, "attachment_not_found")
    assert bia.get(path_of(attendance), params={"staged": True})["items"] == []
    refused(upload(bia, attendance, "b.txt", b"b"), 403, "permission_missing")
    refused(bia.request("DELETE", where), 403, "permission_missing")
    ana.post(f"/v1/attendances/{attendance['id']}/entries", {"text": "x", "attachment_ids": [made["id"]]})
    assert bia.request("GET", where).content == b"a"


def test_another_company_and_another_attendance_get_nothing(
    ana: Client, bruno: Client, attendance: dict[str, Any]
) -> None:
    made = sent(ana, attendance, "a.txt", b"a")
    refused(bruno.request("GET", f"{path_of(attendance)}/{made['id']}"), 404, "attendance_not_found")
    refused(upload(bruno, attendance, "b.txt", b"b"), 404, "attendance_not_found")
    other = ana.post(f"/v1/persons/{attendance['person_id']}/attendances", {"title": "Outra"})
    refused(ana.request("GET", f"{path_of(other)}/{made['id']}"), 404, "attachment_not_found")
    body = {"text": "x", "attachment_ids": [made["id"]]}
    refused(ana.request("POST", f"/v1/attendances/{other['id']}/entries", json=body), 404, "attachment_not_found")


def test_a_closed_attendance_takes_no_attachment(ana: Client, attendance: dict[str, Any]) -> None:
    ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    refused(upload(ana, attendance, "a.txt", b"a"), 409, "attendance_closed")


def test_the_type_says_whether_and_how_much_may_be_attached(ana: Client) -> None:
    none = open_one(ana, set_up(ana, attachments_allowed=False))
    refused(upload(ana, none, "a.txt", b"a"), 409, "attachments_not_allowed")
    small = open_one(ana, set_up(ana, attachments_allowed=True, attachment_limit=MIB))
    sent(ana, small, "a.png", picture(MIB))
    refused(upload(ana, small, "b.png", picture(MIB + 1)), 413, "attachment_too_large")


def test_who_does_not_see_the_flow_sees_no_file_of_it(system: System, ana: Client) -> None:
    bia = member(system, "attendant")
    filed = opened(ana, flow_id=new_flow(ana, users=[user_id(ana)])["id"])
    made = sent(ana, filed, "a.txt", b"a")
    ana.post(f"/v1/attendances/{filed['id']}/entries", {"text": "x", "attachment_ids": [made["id"]]})
    for path in (path_of(filed), f"{path_of(filed)}/{made['id']}", f"/v1/attendances/{filed['id']}/print"):
        refused(bia.request("GET", path), 404, "attendance_not_found")
    refused(upload(bia, filed, "b.txt", b"b"), 404, "attendance_not_found")
    report = bia.request("POST", "/v1/attendances/reports", json={"ids": [filed["id"]]})
    refused(report, 404, "attendance_not_found")


def test_a_purge_takes_the_files_too(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    own = f"/v1/attendances/{attendance['id']}"
    recorded, _ = sent(ana, attendance, "a.txt", b"a"), sent(ana, attendance, "b.png", picture(MIB))
    ana.post(f"{own}/entries", {"text": "x", "attachment_ids": [recorded["id"]]})
    ana.post(f"{own}/trash", None)
    refused(ana.request("GET", f"{path_of(attendance)}/nothing"), 404, "attachment_not_found")
    assert ana.request("DELETE", own).ok
    refused(ana.request("GET", f"{path_of(attendance)}/{recorded['id']}"), 404, "attendance_not_found")
    wait_for(lambda: leftovers(system, attendance) == (0, 0, 0), what="no file left")


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
