"""Row A11: history (all, or by standard text), details, subject, internal contact date, duplicate."""

from __future__ import annotations

from tests.support.builders.attendance import history, open_one, set_up
from tests.support.problems import refused
from tests.support.stack.system import Client


def test_the_history_holds_everything_and_the_standard_one_what_was_made_with_a_standard_text(ana: Client) -> None:
    made = set_up(ana, standard_texts=[{"id": "retorno", "name": "Retorno", "text": "Retornamos a {{pessoa}}."}])
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"
    for number in range(3):
        ana.post(f"{path}/entries", {"text": f"Livre {number}"})
        ana.post(f"{path}/entries", {"standard_text_id": "retorno"})
    ana.post(f"{path}/move", {"answer": "sim", "position": 0})
    assert [one["kind"] for one in history(ana, attendance)] == ["note"] * 6 + ["move"]
    first = ana.get(f"{path}/entries", params={"standard": True, "limit": 2})
    rest = ana.get(f"{path}/entries", params={"standard": True, "limit": 2, "cursor": first["next_cursor"]})
    assert [one["number"] for one in first["items"] + rest["items"]] == [6, 4, 2]
    assert rest["next_cursor"] is None


def test_another_companys_and_a_version_since_changed_are_not_changed(ana: Client, bruno: Client) -> None:
    path = f"/v1/attendances/{open_one(ana, set_up(ana))['id']}"
    subject, seen = {"subject": "Outro"}, {"If-Match": "*"}
    refused(bruno.request("PATCH", path, json=subject, headers=seen), 404, "attendance_not_found")
    refused(bruno.request("POST", f"{path}/duplicate"), 404, "attendance_not_found")
    old = {"If-Match": ana.request("GET", path).headers["ETag"]}
    ana.patch(path, subject)
    refused(ana.request("PATCH", path, json=subject, headers=old), 412, "version_changed")
    refused(ana.request("GET", f"{path}/entries", params={"cursor": "AAAA"}), 422, "cursor_invalid")
