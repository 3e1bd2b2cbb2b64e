"""Row P4: e-mails, phones, addresses and contacts of a person, each with requests of its own."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import seen_version, send_command
from services.people.lists import contract as lists_contract
from services.people.persons import contract as persons_contract

blp = JsonBlueprint("person_lists", __name__, url_prefix="/v1/persons/<string:person_id>", description="Pessoas")

# These fields come from the path and If-Match, not from the body.
NOT_IN_BODY = ("person_id", "item_id", "version")


def _add(command: str, schema: Any, data: dict[str, Any], person_id: str) -> Any:
    return send_command("people", command, schema, data, person_id=person_id, version=seen_version())


def _change(command: str, schema: Any, data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return send_command("people", command, schema, data, person_id=person_id, item_id=item_id, version=seen_version())


@blp.post("/emails")
@blp.summary("Acrescenta um e-mail à pessoa")
@needs("people.write")
@blp.arguments(lists_contract.Email)
@blp.response(201, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def add_email(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_email", lists_contract.Email, data, person_id)


@blp.patch("/emails/<string:item_id>")
@blp.summary("Altera um e-mail da pessoa")
@needs("people.write")
@blp.arguments(lists_contract.ChangeEmail(exclude=NOT_IN_BODY))
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def change_email(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_email", lists_contract.Email, data, person_id, item_id)


@blp.delete("/emails/<string:item_id>")
@blp.summary("Remove um e-mail da pessoa")
@needs("people.write")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def remove_email(person_id: str, item_id: str) -> Any:
    return _change("remove_email", lists_contract.RemoveItem, {}, person_id, item_id)


@blp.post("/phones")
@blp.summary("Acrescenta um telefone à pessoa")
@needs("people.write")
@blp.arguments(lists_contract.Phone)
@blp.response(201, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def add_phone(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_phone", lists_contract.Phone, data, person_id)


@blp.patch("/phones/<string:item_id>")
@blp.summary("Altera um telefone da pessoa")
@needs("people.write")
@blp.arguments(lists_contract.ChangePhone(exclude=NOT_IN_BODY))
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def change_phone(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_phone", lists_contract.Phone, data, person_id, item_id)


@blp.delete("/phones/<string:item_id>")
@blp.summary("Remove um telefone da pessoa")
@needs("people.write")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def remove_phone(person_id: str, item_id: str) -> Any:
    return _change("remove_phone", lists_contract.RemoveItem, {}, person_id, item_id)


@blp.post("/addresses")
@blp.summary("Acrescenta um endereço à pessoa")
@needs("people.write")
@blp.arguments(lists_contract.Address)
@blp.response(201, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def add_address(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_address", lists_contract.Address, data, person_id)


@blp.patch("/addresses/<string:item_id>")
@blp.summary("Altera um endereço da pessoa")
@needs("people.write")
@blp.arguments(lists_contract.ChangeAddress(exclude=NOT_IN_BODY))
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def change_address(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_address", lists_contract.Address, data, person_id, item_id)


@blp.delete("/addresses/<string:item_id>")
@blp.summary("Remove um endereço da pessoa")
@needs("people.write")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def remove_address(person_id: str, item_id: str) -> Any:
    return _change("remove_address", lists_contract.RemoveItem, {}, person_id, item_id)


@blp.post("/contacts")
@blp.summary("Acrescenta um contato à pessoa")
@needs("people.write")
@blp.arguments(lists_contract.Contact)
@blp.response(201, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def add_contact(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_contact", lists_contract.Contact, data, person_id)


@blp.patch("/contacts/<string:item_id>")
@blp.summary("Altera um contato da pessoa")
@needs("people.write")
@blp.arguments(lists_contract.ChangeContact(exclude=NOT_IN_BODY))
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def change_contact(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_contact", lists_contract.Contact, data, person_id, item_id)


@blp.delete("/contacts/<string:item_id>")
@blp.summary("Remove um contato da pessoa")
@needs("people.write")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def remove_contact(person_id: str, item_id: str) -> Any:
    return _change("remove_contact", lists_contract.RemoveItem, {}, person_id, item_id)
