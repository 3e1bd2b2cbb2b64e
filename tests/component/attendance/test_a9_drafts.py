"""Row A9: what is typed is kept by the server, listed as pending, resumed, discarded; it survives kills."""

from __future__ import annotations

import pytest

from tests.support.builders.attendance import put, unique_key, user
from tests.support.builders.flows import new_flow, new_tag, opened, user_id
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PENDING = "/v1/attendance-drafts"


@pytest.fixture
def writer(system: System, ana: Client) -> Client:
    """With no draft yet."""
    return user(system, "attendant")


@pytest.fixture
def path(writer: Client) -> str:
    return f"/v1/attendances/{opened(writer, 'Caso')['id']}"


def test_pending_ones_are_listed_last_written_first_and_are_ones_own(writer: Client, ana: Client, path: str) -> None:
    put(writer, f"{path}/draft", {"content": {"text": "Primeiro"}})
    person = writer.register("Nova conversa")
    fresh = f"/v1/persons/{person['id']}/attendance-draft"
    put(writer, fresh, {"content": {"subject": "Assunto ", "text": "Segundo"}})
    listed = writer.get(PENDING)["items"]
    assert [(one["content"]["text"], one["attendance_id"] is None) for one in listed] == [
        ("Segundo", True),
        ("Primeiro", False),
    ]
    assert (listed[0]["subject"], listed[0]["person"]["name"]) == ("Assunto", "Nova conversa")
    page = writer.get(PENDING, params={"limit": 1})
    assert writer.get(PENDING, params={"limit": 1, "cursor": page["next_cursor"]})["items"] == listed[1:]
    refused(ana.request("GET", f"{path}/draft"), 404, "draft_not_found")
    assert path.rsplit("/", 1)[-1] not in {one["attendance_id"] for one in ana.get(PENDING)["items"]}


def test_recording_the_entry_and_opening_the_attendance_end_their_drafts(writer: Client, path: str) -> None:
    put(writer, f"{path}/draft", {"content": {"text": "Quase"}})
    writer.post(f"{path}/entries", {"text": "Quase pronto."})
    refused(writer.request("GET", f"{path}/draft"), 404, "draft_not_found")
    person = writer.register("Aberta depois")["id"]
    put(writer, f"/v1/persons/{person}/attendance-draft", {"content": {"subject": "Assunto", "tag_ids": [""]}})
    writer.post(f"/v1/persons/{person}/attendances", {"subject": "Assunto"})
    refused(writer.request("GET", f"/v1/persons/{person}/attendance-draft"), 404, "draft_not_found")
    assert writer.get(PENDING)["items"] == []


def test_an_attendance_to_be_opened_is_resumed_with_all_that_was_chosen(writer: Client, ana: Client) -> None:
    person = writer.register("Meio aberta")["id"]
    flow = new_flow(ana, user_ids=[user_id(writer), user_id(ana)])
    tag = new_tag(ana, flow["id"], "Quente")
    product = ana.post("/v1/products", {"code": unique_key(), "description": "Forno F-200"})
    path = f"/v1/persons/{person}/attendance-draft"
    typed = {"subject": "Não liga", "flow_id": flow["id"], "tag_ids": [tag], "product_id": product["id"]}
    put(writer, path, {"content": typed})
    resumed = writer.get(path)["content"]
    assert resumed == {
        "subject": "Não liga",
        "flow": {"id": flow["id"], "name": flow["name"]},
        "tags": [{"id": tag, "name": "Quente"}],
        "product": {"id": product["id"], "name": "Forno F-200"},
    }
    hidden = new_flow(ana)["id"]
    put(writer, path, {"content": {"product": "Forno a le", "flow_id": hidden}})
    resumed = writer.get(path)["content"]
    assert resumed == {"product": {"id": None, "name": "Forno a le"}, "flow": {"id": hidden, "name": None}}


def test_a_drafted_standard_text_is_named(writer: Client, ana: Client) -> None:
    text = {"id": unique_key(), "name": "Visita marcada", "text": "Marcada."}
    kind = {"id": unique_key(), "kind": "leaf", "name": "Visita", "standard_texts": [text]}
    ana.post("/v1/attendance-types", kind)
    path = f"/v1/attendances/{opened(writer, 'Caso', type_id=kind['id'])['id']}/draft"
    put(writer, path, {"content": {"standard_text_id": text["id"], "type_id": kind["id"]}})
    content = writer.get(path)["content"]
    assert content["standard_text"] == {"id": text["id"], "name": "Visita marcada"}
    assert content["type"] == {"id": kind["id"], "name": "Visita"}


def test_a_draft_is_discarded(writer: Client, path: str) -> None:
    put(writer, f"{path}/draft", {"content": {"text": "Esqueça"}})
    assert writer.request("DELETE", f"{path}/draft").json() == {"discarded": True}
    assert writer.request("DELETE", f"{path}/draft").json() == {"discarded": False}
    refused(writer.request("GET", f"{path}/draft"), 404, "draft_not_found")


def test_another_window_is_not_overwritten_unawares(writer: Client, path: str) -> None:
    put(writer, f"{path}/draft", {"content": {"text": "Uma"}, "version": 0})
    put(writer, f"{path}/draft", {"content": {"text": "Outra"}, "version": 1})
    late = {"content": {"text": "Tarde"}, "version": 1}
    assert refused(writer.request("PUT", f"{path}/draft", json=late), 409, "draft_changed")["params"]["version"] == 2
    assert writer.get(f"{path}/draft")["content"]["text"] == "Outra"


def test_what_cannot_be_drafted_is_refused(writer: Client, path: str) -> None:
    field_refused(writer.request("PUT", f"{path}/draft", json={"content": {"text": "x" * 20_001}}), "content")
    field_refused(writer.request("PUT", f"{path}/draft", json={"content": {"colour": "red"}}), "content")
    nowhere = "/v1/attendances/nada/draft"
    refused(writer.request("PUT", nowhere, json={"content": {}}), 404, "attendance_not_found")
    refused(writer.request("PUT", "/v1/persons/nada/attendance-draft", json={"content": {}}), 404, "person_not_found")
    writer.post(f"{path}/close", None)
    refused(writer.request("PUT", f"{path}/draft", json={"content": {}}), 409, "attendance_closed")
