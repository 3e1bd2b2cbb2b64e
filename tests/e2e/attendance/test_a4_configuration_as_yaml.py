"""Rows A1 to A4 as one document: exported, checked with lines, applied again without change, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import yaml

from tests.support.builders.attendance import history, open_one, put, set_up, unique_key, user
from tests.support.problems import refused
from tests.support.stack.system import Client, System

PATH = "/v1/attendance-configuration"


def send(client: Client, document: dict[str, Any] | str | bytes, **params: Any) -> requests.Response:
    text = document if isinstance(document, str | bytes) else yaml.safe_dump(document, sort_keys=False)
    body = text if isinstance(text, bytes) else text.encode()
    return client.request("PUT", PATH, data=body, params=params, headers={"Content-Type": "application/yaml"})


def outcomes(answer: requests.Response, *keys: str) -> dict[str, str]:
    assert answer.ok, answer.text
    return {one["id"]: one["outcome"] for one in answer.json()["changes"] if not keys or one["id"] in keys}


def shop(word: str) -> dict[str, Any]:
    """A document with a child before its group, and keys of its own."""
    return {
        "format": "vinculo-attendance/1",
        "centers": [
            {"id": f"{word}-entrada", "name": "Entrada", "default_text": "Linha 1\nLinha 2\n"},
            {"id": f"{word}-fim", "name": "Fim", "ends_the_process": True},
        ],
        "workflows": [{"id": f"{word}-fluxo", "name": "Fluxo", "items": [
            {"id": "a", "kind": "center", "center_id": f"{word}-entrada"},
            {"id": "z", "kind": "center", "center_id": f"{word}-fim"}]}],
        "cycles": [{"id": f"{word}-ciclo", "name": "Ciclo", "centers": [
            {"center_id": f"{word}-entrada", "questions": [{"id": "q", "text": "Como?", "required": True}]}]}],
        "types": [
            {"id": f"{word}-folha", "kind": "leaf", "name": "Folha", "parent_id": f"{word}-grupo"},
            {"id": f"{word}-grupo", "kind": "group", "name": "Grupo", "workflow_id": f"{word}-fluxo",
             "cycle_id": f"{word}-ciclo", "priority": "high"},
        ],
    }  # fmt: skip


def test_a_document_sets_a_company_up_and_a_second_time_changes_nothing(ana: Client) -> None:
    word = unique_key()
    document = shop(word)
    keys = [f"{word}-{name}" for name in ("entrada", "fim", "fluxo", "ciclo", "grupo", "folha")]
    assert outcomes(send(ana, document, dry_run=True), *keys) == dict.fromkeys(keys, "created")
    refused(ana.request("GET", f"/v1/responsibility-centers/{word}-fim"), 404)
    assert outcomes(send(ana, document), *keys) == dict.fromkeys(keys, "created")
    assert outcomes(send(ana, document), *keys) == dict.fromkeys(keys, "unchanged")
    person = ana.register("Pelo documento")
    body = {"title": "x", "type_id": f"{word}-folha"}
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", body)
    assert (opened["center_id"], opened["cycle_id"]) == (f"{word}-entrada", f"{word}-ciclo")


def test_the_export_applied_again_changes_nothing(ana: Client) -> None:
    made = set_up(ana, standard_texts=[{"id": "um", "name": "Um", "text": "Olá, {{pessoa}}.\nAté logo: não."}])
    exported = ana.request("GET", PATH)
    assert exported.headers["Content-Type"].startswith("application/yaml")
    assert "|-\n" in exported.text, "texts of several lines are blocks"
    assert made.leaf in exported.text
    versions = {one["id"]: one["version"] for one in ana.get("/v1/attendance-types")["items"]}
    answer = send(ana, exported.text)
    assert set(outcomes(answer).values()) == {"unchanged"}
    assert {one["id"]: one["version"] for one in ana.get("/v1/attendance-types")["items"]} == versions
    assert ana.request("GET", PATH).text == exported.text


def test_a_draft_being_drawn_is_neither_exported_nor_published(ana: Client) -> None:
    made = set_up(ana)
    put(ana, f"/v1/workflows/{made.workflow}", {"name": "Reparo", "items": []})
    exported = ana.request("GET", PATH).text
    assert outcomes(send(ana, exported), made.workflow) == {made.workflow: "unchanged"}
    shown = ana.get(f"/v1/workflows/{made.workflow}")
    assert (shown["published"], shown["items"]) == (1, [])


def test_a_changed_workflow_becomes_a_version_and_what_is_not_named_stays(ana: Client) -> None:
    word = unique_key()
    document = shop(word)
    send(ana, document)
    document["centers"].append({"id": f"{word}-meio", "name": "Meio"})
    document["workflows"][0]["items"].insert(1, {"id": "m", "kind": "center", "center_id": f"{word}-meio"})
    del document["types"]
    answer = outcomes(send(ana, document), f"{word}-fluxo", f"{word}-meio", f"{word}-folha")
    assert answer == {f"{word}-fluxo": "changed", f"{word}-meio": "created", f"{word}-folha": "unlisted"}
    assert ana.get(f"/v1/workflows/{word}-fluxo")["published"] == 2
    assert ana.get(f"/v1/attendance-types/{word}-folha")["active"]


def test_problems_come_with_path_and_line_and_nothing_is_applied(ana: Client) -> None:
    word = unique_key()
    text = f"""format: vinculo-attendance/1
centers:
- id: {word}-a
  name: A
- id: {word}-fim
  name: Fim
  ends_the_process: true
workflows:
- id: {word}-w
  name: W
  items:
  - {{id: um, kind: center, center_id: {word}-a}}
  - id: dois
    kind: center
    center_id: sumido
types:
- id: {word}-t
  kind: leaf
  name: T
  parent_id: sumido
"""
    problem = refused(send(ana, text), 422, "configuration_invalid")
    found = {(one["path"], one["line"], one["code"]) for one in problem["params"]["problems"]}
    assert found == {
        ("workflows[0].items[1]", 13, "center_unknown"),
        ("types[0].parent_id", 20, "type_parent_invalid"),
    }
    refused(ana.request("GET", f"/v1/responsibility-centers/{word}-a"), 404, "center_not_found")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: *x\n", "configuration_unreadable"),
        ("format: vinculo-attendance/2\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncentres: []\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncenters:\n- {id: Um, name: x}\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncenters:\n- {id: k, name: x}\n- {id: k, name: y}\n", "configuration_invalid"),
        ("", "configuration_invalid"),
    ],
)
def test_a_document_that_is_none_is_refused(ana: Client, text: str, code: str) -> None:
    refused(send(ana, text), 422, code)
    assert "k" not in [one["id"] for one in ana.get("/v1/responsibility-centers")["items"]]


def test_a_document_too_big_of_another_type_or_by_another_role_is_refused(system: System, ana: Client) -> None:
    refused(send(ana, b"# " + b"x" * (256 << 10)), 413, "body_too_large")
    refused(ana.request("PUT", PATH, json={"format": "vinculo-attendance/1"}), 415)
    seller = user(system, "seller")
    refused(send(seller, "format: vinculo-attendance/1\n"), 403, "permission_missing")
    assert seller.request("GET", PATH).ok


def test_running_attendances_stay_where_they_are(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    document = yaml.safe_load(ana.request("GET", PATH).text)
    mine = next(one for one in document["workflows"] if one["id"] == made.workflow)
    mine["items"] = [mine["items"][0], mine["items"][-1]]
    assert outcomes(send(ana, document), made.workflow) == {made.workflow: "changed"}
    assert ana.get(f"/v1/attendances/{attendance['id']}") == {k: v for k, v in attendance.items() if k != "created"}
    assert ana.get(f"/v1/attendances/{attendance['id']}/next")["kind"] == "decision"
    assert history(ana, attendance) == []
