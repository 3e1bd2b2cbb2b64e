"""Row N5: templates of e-mails, with variables, for everybody or for users and roles; filled in for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

PATH = "/v1/mail-templates"
TEXT = "Olá, {{ cliente.nome }}!\n{% if atendimento.numero %}Sobre o nº {{ atendimento.numero }}.{% endif %}"


@pytest.fixture
def template(ana: Client) -> Iterator[dict[str, Any]]:
    body = {"name": people.unique_word(), "subject": "{{ empresa.nome }}: {{ atendimento.titulo }}", "text": TEXT}
    made = ana.post(PATH, body)
    yield made
    ana.request("DELETE", f"{PATH}/{made['id']}")


def names(who: Client, **asked: Any) -> set[str]:
    return {one["name"] for one in who.get(PATH, params=asked)["items"]}


def test_a_template_is_filled_in_for_a_person_and_an_attendance(ana: Client, template: dict[str, Any]) -> None:
    person = ana.register("Flor & <Filhos>")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Forno"})
    fill = f"{PATH}/{template['id']}/fill"
    found = ana.post(fill, {"person_id": person["id"], "attendance_id": opened["id"]})
    assert found == {
        "subject": "Padaria Modelo: Forno",
        "text": f"Olá, Flor & <Filhos>!\nSobre o nº {opened['reference']}.",
    }
    assert ana.post(fill, {"person_id": person["id"]})["text"] == "Olá, Flor & <Filhos>!\n"
    refused(ana.request("POST", fill, json={"person_id": "nobody"}), 404, "person_not_found")


def test_every_variable_has_an_example_and_works_in_a_preview(ana: Client) -> None:
    variables = ana.get(f"{PATH}/variables")["items"]
    text = "\n".join(one["usage"] for one in variables)
    shown = ana.post(f"{PATH}/preview", {"subject": "x", "text": text})
    assert shown["text"].split("\n") == [one["example"] for one in variables]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ cliente.senha }}", "template_variable_unknown"),
        ("{% if %}", "template_syntax_invalid"),
        ("{{ ''.__class__ }}", "template_forbidden"),
        ("{% include 'x' %}", "template_forbidden"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}", "template_too_heavy"),
    ],
)
def test_a_template_that_does_not_work_is_not_kept(ana: Client, template: dict[str, Any], text: str, code: str) -> None:
    body = {"name": people.unique_word(), "subject": "x", "text": text}
    refused(ana.request("POST", PATH, json=body), 422, code)
    refused(ana.request("PATCH", f"{PATH}/{template['id']}", json={"text": text}), 422, code)
    assert body["name"] not in names(ana, all=True)


def test_a_built_in_role_is_named_whether_anybody_holds_it_or_not(bruno: Client) -> None:
    body = {"name": people.unique_word(), "subject": "x", "text": "x", "role_ids": ["manager", "attendant", "viewer"]}
    made = bruno.post(PATH, body)
    assert [one["name"] for one in made["roles"]] == ["Gerente", "Atendente", "Consulta"]
    bruno.delete(f"{PATH}/{made['id']}")


def test_a_template_is_used_by_those_it_was_granted_to(
    system: InProcessSystem, ana: Client, template: dict[str, Any]
) -> None:
    user = users.create(ana, "seller")
    seller, attendant = users.as_user(system, user), users.as_user(system, users.create(ana, "attendant"))
    assert template["name"] in names(seller) & names(attendant)
    path = f"{PATH}/{template['id']}"
    ana.patch(path, {"role_ids": ["seller"]})
    wait_for(lambda: template["name"] in names(seller), what="the seller's role is known")
    assert ana.get(path)["roles"] == [{"id": "seller", "name": "Vendedor"}]
    assert template["name"] not in names(attendant)
    person = ana.register("Rita")
    refused(attendant.request("POST", f"{path}/fill", json={"person_id": person["id"]}), 404, "mail_template_not_found")
    other = users.create(ana, "viewer")
    grant = {"role_ids": [], "user_ids": [other["id"]]}
    wait_for(lambda: ana.request("PATCH", path, json=grant).ok, what="the user is known")
    assert ana.get(path)["users"] == [{"id": other["id"], "name": other["name"]}]
    assert template["name"] not in names(seller) | names(attendant) | names(ana)
    assert template["name"] in names(ana, all=True)
    assert template["name"] not in names(seller, all=True)
    refused(seller.request("PATCH", path, json={"name": "x"}), 403, "permission_missing")


@pytest.mark.parametrize(("grant", "code"), [("user_ids", "user_not_found"), ("role_ids", "role_not_found")])
def test_nothing_is_granted_to_whom_the_company_does_not_have(
    ana: Client, bruno: Client, template: dict[str, Any], grant: str, code: str
) -> None:
    foreign = bruno.get("/v1/session")["user"]["id"] if grant == "user_ids" else "chief"
    path, body = f"{PATH}/{template['id']}", {"name": people.unique_word(), "subject": "x", "text": "x"}
    refused(ana.request("POST", PATH, json={**body, grant: [foreign]}), 404, code)
    refused(ana.request("PATCH", path, json={grant: [foreign]}), 404, code)
    assert (ana.get(path)["users"], ana.get(path)["roles"]) == ([], [])


def test_names_are_used_once_and_nobody_reads_another_companys(
    ana: Client, bruno: Client, template: dict[str, Any]
) -> None:
    double = {"name": template["name"].upper(), "subject": "x", "text": "x"}
    refused(ana.request("POST", PATH, json=double), 409, "mail_template_exists")
    field_refused(ana.request("POST", PATH, json={**double, "name": ""}), "name")
    path = f"{PATH}/{template['id']}"
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        refused(bruno.request(method, path, json=body), 404, "mail_template_not_found")
    refused(bruno.request("POST", f"{path}/fill", json={"person_id": "x"}), 404, "mail_template_not_found")
