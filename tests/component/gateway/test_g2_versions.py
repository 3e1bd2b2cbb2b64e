"""Row G2: an edit with If-Match is done on the version that was seen, and on no other, of every kind of record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.builders import categories, documents, external, people, sales, sold, users
from tests.support.problems import refused
from tests.support.stack.system import Client, System

Made = tuple[str, dict[str, Any]]


def at(prefix: str, made: dict[str, Any]) -> Made:
    return f"{prefix}/{made['id']}", made


def attendance(ana: Client) -> Made:
    person = ana.register(f"Atendida {people.unique_word()}")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Forno"})
    return at("/v1/attendances", ana.get(f"/v1/attendances/{opened['id']}"))


def opportunity(ana: Client) -> Made:
    return at("/v1/opportunities", sales.opportunity(ana))


def of_another_system(kind: str) -> Callable[[Client], Made]:
    return lambda ana: at(f"/v1/{kind}", external.put(ana, ana.register(f"Dona {people.unique_word()}")["id"], kind))


def center(ana: Client) -> Made:
    key = people.unique_word().lower()
    return at(
        "/v1/responsibility-centers", ana.post("/v1/responsibility-centers", {"id": key, "name": f"Centro {key}"})
    )


def flow(ana: Client) -> Made:
    return at("/v1/flows", ana.post("/v1/flows", {"name": f"Fluxo {people.unique_word()}"}))


def tag(ana: Client) -> Made:
    path, _ = flow(ana)
    return at(f"{path}/tags", ana.post(f"{path}/tags", {"name": "Urgente"}))


def stage(ana: Client) -> Made:
    """Its version is the pipeline's."""
    path = f"/v1/stages/{ana.get('/v1/stages')['items'][0]['id']}"
    return path, ana.patch(path, {"name": people.unique_word()})


def named(collection: str, **fields: Any) -> Callable[[Client], Made]:
    return lambda ana: at(collection, ana.post(collection, {"name": people.unique_word(), **fields}))


marker, lost_reason = named("/v1/markers"), named("/v1/lost-reasons")
role = named("/v1/roles", permissions=["people.read"])


def quote(ana: Client) -> Made:
    path, _ = attendance(ana)
    return at("/v1/quotes", ana.post(f"{path}/quotes", {"items": [sold.item("120.00")]}))


def order(ana: Client) -> Made:
    person = ana.register(f"Compradora {people.unique_word()}")
    return at("/v1/orders", ana.post(f"/v1/persons/{person['id']}/orders", {"items": [sold.item("120.00")]}))


def action(ana: Client) -> Made:
    path, _ = opportunity(ana)
    return at("/v1/actions", ana.post(f"{path}/actions", {"text": "Ligar"}))


def template(ana: Client) -> Made:
    return at("/v1/document-templates", documents.template(ana, "<p>{{ cliente.nome }}</p>"))


def category(ana: Client) -> Made:
    return at("/v1/categories", categories.own(ana, "categories"))


def member(ana: Client) -> Made:
    return at("/v1/users", users.create(ana, "viewer"))


def person(ana: Client) -> Made:
    return at("/v1/persons", ana.register(f"Pessoa {people.unique_word()}"))


# maker, verb, what follows its path, body
EDITS: dict[str, tuple[Callable[[Client], Made], str, str, Any]] = {
    "attendance changed": (attendance, "PATCH", "", {"subject": "Outro"}),
    "attendance archived": (attendance, "POST", "/archive", None),
    "attendance trashed": (attendance, "POST", "/trash", None),
    "attendance closed": (attendance, "POST", "/close", None),
    "opportunity changed": (opportunity, "PATCH", "", {"subject": "Outro"}),
    "opportunity archived": (opportunity, "POST", "/archive", None),
    "opportunity lost": (opportunity, "POST", "/close-as-lost", {"lost_reason_id": "price"}),
    "opportunity won": (opportunity, "POST", "/close-as-won", {"items": [sold.item("120.00")]}),
    "opportunity deleted": (opportunity, "DELETE", "", None),
    "contract suspended": (of_another_system("contracts"), "POST", "/suspend", {"reason": "férias"}),
    "receivable settled": (of_another_system("receivables"), "POST", "/settle", {"paid_on": "2026-11-01"}),
    "service order cancelled": (of_another_system("service-orders"), "POST", "/cancel", {"reason": "desistiu"}),
    "center changed": (center, "PUT", "", {"name": "Outro centro"}),
    "center deleted": (center, "DELETE", "", None),
    "flow changed": (flow, "PATCH", "", {"description": "Outro"}),
    "flow deactivated": (flow, "POST", "/deactivate", None),
    "flow deleted": (flow, "DELETE", "", None),
    "quote revised": (quote, "POST", "/versions", {"items": [sold.item("130.00")]}),
    "quote approved": (quote, "POST", "/versions/1/approve", None),
    "order cancelled": (order, "POST", "/cancel", {"reason": "desistiu"}),
    "order deleted": (order, "DELETE", "", None),
    "action changed": (action, "PATCH", "", {"due_on": "2031-03-05"}),
    "action done": (action, "PUT", "/state", {"state": "done"}),
    "template changed": (template, "PATCH", "", {"subject": "Outro"}),
    "template deleted": (template, "DELETE", "", None),
    "category changed": (category, "PATCH", "", {"name": "Outra"}),
    "category deleted": (category, "DELETE", "", None),
    "tag changed": (tag, "PATCH", "", {"name": "Hoje"}),
    "tag deleted": (tag, "DELETE", "", None),
    "stage changed": (stage, "PATCH", "", {"position": 2}),
    "marker changed": (marker, "PATCH", "", {"colour": "#ff0000"}),
    "marker deleted": (marker, "DELETE", "", None),
    "reason of a loss changed": (lost_reason, "PATCH", "", {"needs_details": True}),
    "reason of a loss archived": (lost_reason, "POST", "/archive", None),
    "reason of a loss deleted": (lost_reason, "DELETE", "", None),
    "role changed": (role, "PATCH", "", {"permissions": ["people.read", "sales.read"]}),
    "role deleted": (role, "DELETE", "", None),
    "user changed": (member, "PATCH", "", {"role_ids": ["seller"]}),
    "person changed": (person, "PATCH", "", {"short_name": "Outra"}),
    "person inactivated": (person, "POST", "/inactivate", {"reason": "mudou"}),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_of_another_version_is_refused_and_one_of_the_version_seen_is_done(
    ana: Client, edit: tuple[Callable[[Client], Made], str, str, Any]
) -> None:
    make, verb, rest, body = edit
    path, made = make(ana)
    sent = {"json": body} if body is not None else {}
    version = made["version"]
    for other in (version + 7, version - 1):
        answer = ana.request(verb, path + rest, headers={"If-Match": f'"{max(other, 0)}"'}, **sent)
        refused(answer, 412, "version_changed")
    done = ana.request(verb, path + rest, headers={"If-Match": f'"{version}"'}, **sent)
    assert done.ok, done.text
    if verb != "DELETE" and done.json().get("id") == made.get("id"):
        assert done.json()["version"] == version + 1


def test_the_same_edit_again_under_its_key_answers_as_the_first(ana: Client) -> None:
    path, made = opportunity(ana)
    headers = {"If-Match": f'"{made["version"]}"', "Idempotency-Key": people.unique_word()}
    answers = [ana.request("PATCH", path, json={"subject": "Outro"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("PATCH", "/v1/settings/attendance", {"near_due_days": 3}),
        ("PATCH", "/v1/settings/fiscal", {"name": "Padaria"}),
        ("PATCH", "/v1/settings/sales", {"idle_days": 20}),
        ("PATCH", "/v1/company", {"time_zone": "America/Sao_Paulo"}),
    ],
)
def test_what_a_company_has_one_of_is_compared_too(ana: Client, verb: str, path: str, body: dict[str, Any]) -> None:
    version = ana.get(path)["version"]
    refused(ana.request(verb, path, json=body, headers={"If-Match": f'"{version + 1}"'}), 412, "version_changed")
    done = ana.request(verb, path, json=body, headers={"If-Match": f'"{version}"'})
    assert done.ok, done.text
    assert done.json()["version"] == version + 1


def test_the_lists_that_a_company_has_not_touched_were_seen_in_version_0(system: System) -> None:
    maria = sales.newcomer(system)
    for collection in ("/v1/stages", "/v1/lost-reasons"):
        listed = maria.get(collection)
        assert listed["version"] == 0
        path, body = f"{collection}/{listed['items'][0]['id']}", {"name": people.unique_word()}
        refused(maria.request("PATCH", path, json=body, headers={"If-Match": '"1"'}), 412, "version_changed")
        assert maria.request("PATCH", path, json=body, headers={"If-Match": '"0"'}).json()["version"] == 1
        refused(maria.request("DELETE", path, headers={"If-Match": '"0"'}), 412, "version_changed")


def test_an_edit_of_any_version_says_so(ana: Client) -> None:
    path, _ = opportunity(ana)
    assert ana.request("PATCH", path, json={"subject": "Outro"}, headers={"If-Match": "*"}).ok
    answer = ana.http.patch(ana.url + path, json={"subject": "Mais um"}, timeout=15)
    refused(answer, 428, "precondition_required")
    assert ana.get(path)["subject"] == "Outro"


@pytest.mark.parametrize(
    ("make", "field", "told"),
    [
        (opportunity, "subject", ["subject"]),
        (person, "name", ["name"]),
        (flow, "description", ["description"]),
        (role, "name", ["name"]),
        (member, "name", ["name"]),
        (stage, "name", ["items"]),
        (marker, "name", None),
    ],
)
def test_who_came_too_late_is_told_who_was_there_before_and_when(
    system: System, ana: Client, make: Callable[[Client], Made], field: str, told: list[str] | None
) -> None:
    path, made = make(ana)
    seller = users.as_user(system, users.create(ana, "admin"))
    changed = seller.patch(path, {field: "Da outra"})
    headers = {"If-Match": f'"{made["version"]}"'}
    late = refused(ana.request("PATCH", path, json={field: "Minha"}, headers=headers), 412, "version_changed")
    me = seller.session["user"]
    assert (late["current_version"], late["changed_by"]) == (changed["version"], {"id": me["id"], "name": me["name"]})
    assert dt.datetime.fromisoformat(late["changed_at"]).tzinfo is not None
    assert late.get("changed_fields") == told
    assert "_change" not in ana.request("GET", path).text
