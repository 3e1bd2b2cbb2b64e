"""Row A7: an attendance is opened on a registered person, of a type, with an optional first entry; by others too."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.support.stack.system import Client


def test_an_attendance_is_opened_right_after_the_person_is_registered(ana: Client) -> None:
    for number in range(5):
        person = ana.register(f"Recente {number}")
        opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Primeira visita"})
        assert (opened["state"], opened["entry_count"]) == ("open", 0)


def test_ten_at_once_with_one_key_open_one(ana: Client) -> None:
    person, key = ana.register("Concorrida"), uuid.uuid4().hex
    path = f"/v1/persons/{person['id']}/attendances"

    def send(_: int) -> tuple[int, str | None]:
        answer = ana.request("POST", path, json={"subject": "Chamado", "text": "Um.", "dedup_key": key})
        return answer.status_code, answer.json().get("id")

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(send, range(10)))
    assert {status for status, _ in answers} <= {200, 201, 409, 503}
    assert [status for status, _ in answers].count(201) == 1
    assert len({one for status, one in answers if status in (200, 201)}) == 1
    assert [one["entry_count"] for one in ana.get(path)["items"]] == [1]
