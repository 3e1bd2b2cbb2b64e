"""Row A15: reports of selected attendances, as CSV for Excel in Brazil or as text."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support.builders.asked import reported
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PATH = "/v1/attendances/reports"


@pytest.fixture(scope="module")
def attendances(ana: Client) -> list[dict[str, Any]]:
    """Two of one person, one of another; the first entry of the first is a formula."""
    return reported(ana)


def ids(attendances: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in attendances]


def test_the_text_has_a_block_an_attendance(ana: Client, attendances: list[dict[str, Any]]) -> None:
    answer = ana.request("POST", PATH, json={"ids": ids(attendances)[1:], "format": "text"})
    blocks = answer.content.decode().split("\n\n")
    assert len(blocks) == 2
    assert "Nome: Segunda Pessoa" in blocks[0]
    assert "Primeiro parecer: Primeiro" in blocks[0]


def test_a_hundred_at_once_and_no_more(system: System, ana: Client) -> None:
    person = ana.register("Muitos atendimentos")
    first = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Nº 0", "text": "x"})["id"]
    many = [first, *(copied(system, first, number) for number in range(1, 100))]
    answer = ana.request("POST", PATH, json={"ids": many})
    assert answer.status_code == 200, answer.text
    assert answer.content.count(b"Muitos atendimentos") == 100
    field_refused(ana.request("POST", PATH, json={"ids": [*many, "x"]}), "ids")


def copied(system: System, attendance_id: str, number: int) -> str:
    """Another attendance like this one, put beside it: its id."""
    rows, name = system.mongo("attendance"), uuid.uuid4().hex
    attendance = rows["attendances"].find_one({"_id": attendance_id})
    entry = rows["entries"].find_one({"attendance_id": attendance_id})
    assert attendance
    assert entry
    rows["attendances"].insert_one({**attendance, "_id": name, "title": f"Nº {number}"})
    rows["entries"].insert_one({**entry, "_id": uuid.uuid4().hex, "attendance_id": name})
    return name


def test_what_may_not_be_seen_refuses_the_whole(ana: Client, bruno: Client, attendances: list[dict[str, Any]]) -> None:
    refused(bruno.request("POST", PATH, json={"ids": ids(attendances)}), 404, "attendance_not_found")
    refused(ana.request("POST", PATH, json={"ids": [*ids(attendances), "nothing"]}), 404, "attendance_not_found")


def test_what_is_no_selection_is_refused(ana: Client) -> None:
    field_refused(ana.request("POST", PATH, json={"ids": []}), "ids")
    field_refused(ana.request("POST", PATH, json={"ids": ["x"], "format": "xls"}), "format")
