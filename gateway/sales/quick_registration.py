"""Row S3: a customer registered while creating an opportunity. Two commands, one after the other, under one key.

A crash between them leaves a registered person, and nothing else; sent again with the same Idempotency-Key, people
answers the same person and sales goes on.
"""

from __future__ import annotations

from typing import Any

from gateway.http.requests import send_command
from gateway.sales.conversations import once_opened
from services.chassis.errors import Invalid, NotFound, Unavailable
from services.people.persons.contract import RegisterPerson
from services.sales.opportunities.contract import CreateOpportunity

# Sales waits for its copy of the person for a moment each time.
TRIES = 3


def create(data: dict[str, Any]) -> Any:
    """The opportunity; raises Invalid("person_missing"), and what both commands refuse with."""
    person_id, person = data.pop("person_id"), data.pop("person")
    if (person_id is None) == (person is None):
        detail = "Informe a pessoa (person_id) ou os dados para registrá-la (person)."
        raise Invalid("person_missing", detail, fields={"person": [detail]})
    if person is None:
        return created(person_id, data)
    registered = send_command("people", "register_person", RegisterPerson, person)
    return _once_it_is_known(registered["id"], data)


def created(person_id: str, data: dict[str, Any]) -> Any:
    """For a person who is registered; with its conversation there."""
    return once_opened(send_command("sales", "create_opportunity", CreateOpportunity, data, person_id=person_id))


def _once_it_is_known(person_id: str, data: dict[str, Any]) -> Any:
    for _ in range(TRIES):
        try:
            return created(person_id, data)
        except NotFound as refusal:
            if refusal.code != "person_not_found":
                raise
    detail = "A pessoa foi registrada, mas o contato de venda ainda não; envie de novo com a mesma Idempotency-Key."
    raise Unavailable("person_not_arrived", detail, person_id=person_id)
