"""What the end-to-end tests of documents share: templates, PDFs read back, mails as they arrived."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from deploy.local.mailbox import Mails
from tests.support.builders import people, sold
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

TEMPLATES = "/v1/document-templates"


def template(client: Client, body: str, kind: str = "quote", **fields: Any) -> dict[str, Any]:
    name, subject = f"Modelo {people.unique_word()}", "Para {{ cliente.nome }}"
    made: dict[str, Any] = client.post(
        TEMPLATES, {"kind": kind, "name": name, "subject": subject, "body": body, **fields}
    )  # fmt: skip
    return made


def plain(html: str) -> str:
    """Without the marks of what may break anywhere (gateway/documents/page.py)."""
    return re.sub(r'<span style="overflow-wrap:anywhere">(.*?)</span>', r"\1", html)


def customer(client: Client, **fields: Any) -> dict[str, Any]:
    """With an address of its own."""
    address = f"{people.unique_word().lower()}@cliente.example"
    made: dict[str, Any] = client.register(
        f"Cliente <b>{people.unique_word()}</b> & Filhos", emails=[{"address": address, "main": True}], **fields
    )  # fmt: skip
    return {**made, "address": address}


def deliveries(client: Client, person_id: str, count: int = 1) -> list[dict[str, Any]]:
    """Once they are sent."""

    def found() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get("/v1/deliveries", params={"person_id": person_id})["items"]
        return items

    wait_for(lambda: [one["state"] for one in found()] == ["sent"] * count, what="the deliveries")
    return found()


def mails(system: System, address: str) -> list[EmailMessage]:
    """What arrived there, whole."""
    box = Mails(system.folder / "mail")
    numbers = [mail["number"] for mail in system.mails() if mail["to"] == [address]]
    return [message for number in numbers if (message := box.message(number)) is not None]


def parts(mail: EmailMessage) -> tuple[str, str, bytes]:
    """Its text, its HTML and the PDF attached."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    [attached] = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    return plain.get_content(), html.get_content(), attached.get_content()


def offered(client: Client) -> dict[str, Any]:
    """A quote in an opportunity of a customer with an address."""
    person = customer(client)
    opportunity = sold.opportunity(client, person["id"])
    items = [sold.item("1000.00"), sold.item("120.00", quantity="2.5", discount={"percent": "10"})]
    offer = {"items": items, "discount": {"amount": "70.00"}, "terms": {"count": 2}, "notes": "Entrega <já>"}
    quote = client.post(f"/v1/opportunities/{opportunity['id']}/quotes", offer)
    return {**quote, "path": f"/v1/quotes/{quote['id']}", "person": person, "opportunity": opportunity}


def html(client: Client, path: str, **params: Any) -> str:
    answer = client.request("GET", path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return plain(answer.text)


def preview(client: Client, body: str, **fields: Any) -> Any:
    asked = {"kind": "quote", "subject": "x", "body": body, **fields}
    return client.request("POST", f"{TEMPLATES}/preview", json=asked, timeout=60)


def visited(client: Client) -> dict[str, Any]:
    """An opportunity with something to do, on a customer with an address and a phone."""
    person = customer(client, phones=[{"number": "41 99999-8888", "main": True}])
    client.post(f"/v1/persons/{person['id']}/addresses", {"street": "Rua XV", "city": "Curitiba", "state": "PR"})
    opportunity = sold.opportunity(client, person["id"], "Forno novo")
    path = f"/v1/opportunities/{opportunity['id']}"
    client.post(f"{path}/actions", {"text": "Medir a <cozinha>", "due_on": "2031-03-05"})
    client.post(f"{path}/actions", {"text": "Já feito", "state": "done"})
    return {**opportunity, "person": person, "path": f"{path}/visit-sheet"}
