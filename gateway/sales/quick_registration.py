"""Row S3: registers a customer and creates an opportunity, by two commands under one idempotency key.

A crash between them leaves the registered person only. When the request is sent again with the same Idempotency-Key,
people answers the same person, and sales creates the opportunity.
"""

from __future__ import annotations

from typing import Any

from gateway.http.requests import send_command
from gateway.sales.conversations import when_opened
from services.chassis.errors import Invalid, NotFound, Unavailable
from services.people.persons.contract import RegisterPerson
from services.sales.opportunities.contract import CreateOpportunity

# Each time sales waits a moment for its copy of the new person.
TRIES = 3


def create(data: dict[str, Any]) -> Any:
    """The new opportunity; raises Invalid("person_missing"), Unavailable("person_not_arrived") and both commands'
    refusals."""
    person_id, person = data.pop("person_id"), data.pop("person")
    if (person_id is None) == (person is None):
        detail = "Informe a pessoa (person_id) ou os dados para registrá-la (person)."
        raise Invalid("person_missing", detail, fields={"person": [detail]})
    if person is None:
        return create_for_person(person_id, data)
    registered = send_command("people", "register_person", RegisterPerson, person)
    return _create_when_replicated(registered["id"], data)


def create_for_person(person_id: str, data: dict[str, Any]) -> Any:
    """The new opportunity of a registered person, once its conversation can be read."""
    return when_opened(send_command("sales", "create_opportunity", CreateOpportunity, data, person_id=person_id))


def _create_when_replicated(person_id: str, data: dict[str, Any]) -> Any:
    for _ in range(TRIES):
        try:
            return create_for_person(person_id, data)
        except NotFound as refusal:
            if refusal.code != "person_not_found":
                raise
    detail = "A pessoa foi registrada, mas o contato de venda ainda não; envie de novo com a mesma Idempotency-Key."
    raise Unavailable("person_not_arrived", detail, person_id=person_id)
