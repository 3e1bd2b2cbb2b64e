"""A category of a test's own with persons in it, and a mailing to them."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

PATH = "/v1/mailings"


def category(client: Client, word: str) -> str:
    made: dict[str, Any] = client.post("/v1/categories", {"name": f"Clube {word}"})
    return str(made["id"])


def person(
    client: Client, name: str, category_id: str, email: str | None = None, city: str = "", consents: bool | None = True
) -> dict[str, Any]:
    """`consents`: to marketing by e-mail and post; None: nothing was said."""
    address = {"street": "Rua das Flores", "number": "10", "city": city, "state": "MG", "postal_code": "30110000"}
    lists = {"emails": [{"address": email}] if email else [], "addresses": [address] if city else []}
    made: dict[str, Any] = client.register(name, category_ids=[category_id], **lists)
    if consents is not None:
        for channel in ("email", "post"):
            decide(client, made["id"], channel, True)
            if not consents:
                decide(client, made["id"], channel, False)
    return made


def decide(client: Client, person_id: str, channel: str, given: bool, purpose: str = "marketing") -> None:
    said = {"purpose": purpose, "channel": channel, "given": given, "source": "telefone"}
    client.post(f"/v1/persons/{person_id}/consents", said)


def create(client: Client, category_id: str | None, **fields: Any) -> dict[str, Any]:
    word = people.unique_word()
    body = {
        "kind": "bulletin", "subject": f"Novidades {word} para {{{{ cliente.nome }}}}",
        "text": "Olá, {{ cliente.nome }}!\n\nChegaram os panetones.", "filter": {"category_id": category_id}, **fields,
    }  # fmt: skip
    made: dict[str, Any] = client.post(PATH, body)
    return {**made, "word": word}


def reached(client: Client, mailing_id: str, state: str, seconds: float = 60) -> dict[str, Any]:
    wait_for(lambda: client.get(f"{PATH}/{mailing_id}")["state"] == state, seconds, f"a mailing {state}")
    found: dict[str, Any] = client.get(f"{PATH}/{mailing_id}")
    return found


def gathered(client: Client, mailing_id: str) -> dict[str, Any]:
    client.post(f"{PATH}/{mailing_id}/gather", None)
    return reached(client, mailing_id, "ready")


def started(client: Client, mailing_id: str) -> dict[str, Any]:
    made: dict[str, Any] = client.post(f"{PATH}/{mailing_id}/start", None)
    return made


def recipients(client: Client, mailing_id: str, **params: Any) -> list[dict[str, Any]]:
    return list(client.every(f"{PATH}/{mailing_id}/recipients", **params))
