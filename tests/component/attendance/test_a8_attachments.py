"""Row A8: files attached to entries: sent as streams, checked by content, seen by who sees the attendance."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from tests.support.builders.attachments import EXE, MIB, leftovers, path_of, picture, sent, upload
from tests.support.builders.flows import member, new_flow, opened, user_id
from tests.support.builders.people import cpf
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

LIMIT = 10 * MIB


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Com anexos", document=cpf())
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Visita"})
    return opened


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
    other = ana.post(f"/v1/persons/{attendance['person_id']}/attendances", {"subject": "Outra"})
    refused(ana.request("GET", f"{path_of(other)}/{made['id']}"), 404, "attachment_not_found")
    body = {"text": "x", "attachment_ids": [made["id"]]}
    refused(ana.request("POST", f"/v1/attendances/{other['id']}/entries", json=body), 404, "attachment_not_found")


def test_a_closed_attendance_takes_no_attachment(ana: Client, attendance: dict[str, Any]) -> None:
    ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    refused(upload(ana, attendance, "a.txt", b"a"), 409, "attendance_closed")


def test_who_does_not_see_the_flow_sees_no_file_of_it(system: System, ana: Client) -> None:
    bia = member(system, "attendant")
    filed = opened(ana, flow_id=new_flow(ana, user_ids=[user_id(ana)])["id"])
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
