"""Row P4: e-mails, phones, addresses and contacts of a person; each added, changed and removed by itself."""

from __future__ import annotations

from typing import Any

from gateway.access import needs
from gateway.asking import order, seen_version
from gateway.blueprints.documents import JsonBlueprint, refuses
from services.people import contract

blp = JsonBlueprint("person_lists", __name__, url_prefix="/v1/persons/<string:person_id>", description="Pessoas")

# What the path and If-Match say is not said in the body.
NOT_IN_BODY = ("person_id", "item_id", "version")


def _add(command: str, schema: Any, data: dict[str, Any], person_id: str) -> Any:
    return order("people", command, schema, data, person_id=person_id, version=seen_version())


def _change(command: str, schema: Any, data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return order("people", command, schema, data, person_id=person_id, item_id=item_id, version=seen_version())


@blp.post("/emails")
@needs("people.write")
@blp.arguments(contract.Email)
@blp.response(201, contract.Person)
@refuses(blp, 404, 409, 412)
def add_email(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_email", contract.Email, data, person_id)


@blp.patch("/emails/<string:item_id>")
@needs("people.write")
@blp.arguments(contract.ChangeEmail(exclude=NOT_IN_BODY))
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def change_email(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_email", contract.Email, data, person_id, item_id)


@blp.delete("/emails/<string:item_id>")
@needs("people.write")
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def remove_email(person_id: str, item_id: str) -> Any:
    return _change("remove_email", contract.RemoveItem, {}, person_id, item_id)


@blp.post("/phones")
@needs("people.write")
@blp.arguments(contract.Phone)
@blp.response(201, contract.Person)
@refuses(blp, 404, 409, 412)
def add_phone(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_phone", contract.Phone, data, person_id)


@blp.patch("/phones/<string:item_id>")
@needs("people.write")
@blp.arguments(contract.ChangePhone(exclude=NOT_IN_BODY))
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def change_phone(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_phone", contract.Phone, data, person_id, item_id)


@blp.delete("/phones/<string:item_id>")
@needs("people.write")
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def remove_phone(person_id: str, item_id: str) -> Any:
    return _change("remove_phone", contract.RemoveItem, {}, person_id, item_id)


@blp.post("/addresses")
@needs("people.write")
@blp.arguments(contract.Address)
@blp.response(201, contract.Person)
@refuses(blp, 404, 409, 412)
def add_address(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_address", contract.Address, data, person_id)


@blp.patch("/addresses/<string:item_id>")
@needs("people.write")
@blp.arguments(contract.ChangeAddress(exclude=NOT_IN_BODY))
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def change_address(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_address", contract.Address, data, person_id, item_id)


@blp.delete("/addresses/<string:item_id>")
@needs("people.write")
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def remove_address(person_id: str, item_id: str) -> Any:
    return _change("remove_address", contract.RemoveItem, {}, person_id, item_id)


@blp.post("/contacts")
@needs("people.write")
@blp.arguments(contract.Contact)
@blp.response(201, contract.Person)
@refuses(blp, 404, 409, 412)
def add_contact(data: dict[str, Any], person_id: str) -> Any:
    return _add("add_contact", contract.Contact, data, person_id)


@blp.patch("/contacts/<string:item_id>")
@needs("people.write")
@blp.arguments(contract.ChangeContact(exclude=NOT_IN_BODY))
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def change_contact(data: dict[str, Any], person_id: str, item_id: str) -> Any:
    return _change("change_contact", contract.Contact, data, person_id, item_id)


@blp.delete("/contacts/<string:item_id>")
@needs("people.write")
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def remove_contact(person_id: str, item_id: str) -> Any:
    return _change("remove_contact", contract.RemoveItem, {}, person_id, item_id)
