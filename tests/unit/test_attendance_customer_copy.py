"""Row A10: what attendance announces of an entry that its customer gets a copy of: the files, within bounds."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.attendance.attachments import commands as attachments_commands
from services.attendance.attachments.model.attachments import (
    COPIED_BYTES,
    PART_BYTES,
    STAGED_LIMIT,
    Attachment,
    split_by_room,
)
from services.attendance.attendances import commands as attendances_commands
from services.attendance.entries import commands as entries_commands
from services.attendance.entries import copies
from services.attendance.session import INDEXES, AttendanceSession
from services.chassis.files.names import NAME_BYTES
from services.chassis.handling.session import Actor
from tests.support.builders.attendance_in_memory import NOTE, OPENED, run
from tests.support.fakes.memory import Memory

MIB = 1 << 20
NOW = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# Of the database for a document, and of the broker for a message.
LARGEST = 16 * MIB


class Office(Memory):
    """Ana, who may send copies, and an attendance of a person with an address."""

    def __init__(self) -> None:
        super().__init__(AttendanceSession, INDEXES)
        self.collection("persons").insert({"_id": "p1", "name": "Rita", "email": "rita@c.example", "sequence": 1})
        self.attendance = run(self, attendances_commands.open_attendance, **OPENED)["id"]

    def session(self, user: Any = None) -> Any:
        found = super().session(user)
        found.actor = Actor("u1", "Ana", permissions=(copies.NOTIFY,))
        return found

    def upload(self, name: str, content: bytes) -> str:
        upload = run(self, attachments_commands.begin_upload, attendance_id=self.attendance, name=name)
        for number, start in enumerate(range(0, len(content), PART_BYTES)):
            part = base64.b64encode(content[start : start + PART_BYTES]).decode()
            run(self, attachments_commands.send_part, upload_id=upload.id, number=number, data=part)
        return str(run(self, attachments_commands.finish_upload, upload_id=upload.id).id)

    def record(self, ids: list[str], notify: bool = True, text: str = "Segue.") -> dict[str, Any]:
        data = {**NOTE, "attachment_ids": ids, "notify_customer": notify, "text": text}
        found: dict[str, Any] = run(self, entries_commands.record_entry, attendance_id=self.attendance, **data)
        return found

    def announced(self) -> str:
        """The envelope of the last entry."""
        return str([one["envelope"] for one in self.documents("outbox") if one["name"] == "entry_recorded"][-1])

    def told(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.announced())["data"]
        return data


def picture(size: int) -> bytes:
    return PNG + os.urandom(size - len(PNG))


def file(size: int, name: str = "a.png") -> Attachment:
    return Attachment("f", "a1", None, "u1", name, "image", "image/png", size, 1, "", "u1", "Ana", NOW)


def test_the_customers_copy_carries_the_files_of_its_entry_whole() -> None:
    office = Office()
    contents = {"foto.png": picture(2 * PART_BYTES + 7), "nota.txt": "Ação".encode()}
    office.record([office.upload(name, content) for name, content in contents.items()])
    files = office.told()["files"]
    assert {one["name"]: base64.b64decode(one["content"]) for one in files} == contents
    assert [one["media_type"] for one in files] == ["image/png", "text/plain"]
    assert office.told()["left_out"] == []


def test_an_entry_between_colleagues_announces_no_file() -> None:
    office = Office()
    office.record([office.upload("foto.png", picture(100))], notify=False)
    told = office.told()
    assert (told["files"], told["left_out"]) == ([], [])
    assert [one["name"] for one in told["attachments"]] == ["foto.png"]


def test_a_copy_carries_no_file_of_another_entry_nor_one_that_waits() -> None:
    office = Office()
    office.record([office.upload("antes.png", picture(100))], notify=False)
    office.upload("depois.png", picture(100))
    office.record([office.upload("agora.png", picture(100))])
    assert [one["name"] for one in office.told()["files"]] == ["agora.png"]


def test_a_file_too_large_for_a_mail_is_named_and_the_entry_is_recorded_all_the_same() -> None:
    office = Office()
    ids = [office.upload("planta.png", picture(COPIED_BYTES + 1)), office.upload("foto.png", picture(100))]
    entry = office.record(ids)
    told = office.told()
    assert ([one["name"] for one in told["files"]], told["left_out"]) == (["foto.png"], ["planta.png"])
    assert [one["name"] for one in entry["attachments"]] == ["planta.png", "foto.png"]


@given(st.lists(st.integers(1, 2 * COPIED_BYTES), max_size=STAGED_LIMIT))
def test_files_go_in_their_order_while_there_is_room(sizes: list[int]) -> None:
    asked = [file(size, f"{number}.png") for number, size in enumerate(sizes)]
    goes, left_out = split_by_room(asked)
    assert sorted([*goes, *left_out], key=asked.index) == asked
    assert goes == [one for one in asked if one in goes]
    assert left_out == [one for one in asked if one in left_out]
    assert sum(one.size for one in goes) <= COPIED_BYTES
    for one in left_out:
        before = sum(other.size for other in goes if asked.index(other) < asked.index(one))
        assert before + one.size > COPIED_BYTES, "there was room"


def test_the_largest_entry_with_the_most_files_is_half_of_what_a_message_or_a_document_may_be() -> None:
    office = Office()
    ids = [office.upload(f"{number:02d}{'ç' * NAME_BYTES}.png", picture(MIB)) for number in range(5)]
    ids += [office.upload(f"{number:02d}{'€' * NAME_BYTES}.png", picture(MIB)) for number in range(5, STAGED_LIMIT)]
    office.record(ids, text="😀" * 20_000)
    assert len(office.told()["files"]) == 5
    assert len(office.announced().encode()) < LARGEST / 2
