"""Files sent to an attendance, and what is left of them in the database (row A8)."""

from __future__ import annotations

import os
from typing import Any

import requests

from tests.support.stack.system import Client, System

MIB = 1 << 20
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200)


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
