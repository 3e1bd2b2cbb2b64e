"""Row N5: a template of e-mails is filled in for a person, granted to a role, and refused where it would do harm."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

PATH = "/v1/mail-templates"


def test_a_template_is_filled_in_and_seen_by_whom_it_is_granted_to(system: System, ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    person = ana.register(f"Cliente {word}")
    body = {"name": word, "subject": "{{ empresa.nome }}", "text": "Olá, {{ cliente.nome }}!", "role_ids": ["seller"]}
    made = ana.post(PATH, body)
    seller, attendant = (users.as_user(system, users.create(ana, role)) for role in ("seller", "attendant"))
    fill = f"{PATH}/{made['id']}/fill"
    asked = {"person_id": person["id"]}
    wait_for(lambda: seller.request("POST", fill, json=asked).ok, what="the role is known")
    assert seller.post(fill, asked) == {"subject": "Padaria Modelo", "text": f"Olá, Cliente {word}!"}
    refused(attendant.request("POST", fill, json=asked), 404, "mail_template_not_found")
    refused(bruno.request("POST", fill, json=asked), 404, "mail_template_not_found")
    harmful = {"name": "x", "subject": "x", "text": "{{ ''.__class__ }}"}
    refused(ana.request("POST", PATH, json=harmful), 422, "template_forbidden")
