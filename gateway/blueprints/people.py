"""Persons: find, register, addresses, contacts and the person view."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from gateway import auth, person_view
from gateway.access import needs
from gateway.asking import ask, bus, order
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses
from services.attendance.contract import Attendance
from services.chassis.schemas import Result
from services.notifications.contract import Watcher
from services.people import contract
from services.sales.contract import Opportunity
from services.scheduling.contract import Appointment

blp = JsonBlueprint("people", __name__, url_prefix="/v1/persons", description="Pessoas")

NewPerson = contract.RegisterPerson(exclude=("import_key",))


class SearchQuery(PageQuery):
    q = fields.String(load_default="", validate=validate.Length(max=150))


class PersonView(Result):
    """`unavailable`: sections that did not answer; `withheld`: sections the user may not see."""

    person = fields.Nested(contract.Person)
    attendances = fields.List(fields.Nested(Attendance), allow_none=True)
    opportunities = fields.List(fields.Nested(Opportunity), allow_none=True)
    appointments = fields.List(fields.Nested(Appointment), allow_none=True)
    watchers = fields.List(fields.Nested(Watcher), allow_none=True)
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


@blp.get("")
@needs("people.read")
@blp.arguments(SearchQuery, location="query")
@blp.response(200, contract.PersonPage)
@refuses(blp)
def search_persons(data: dict[str, Any]) -> Any:
    """Row P1: by code, words of the name, document, e-mail or last digits of a phone."""
    return ask("people", "search_persons", data)


@blp.post("")
@needs("people.write")
@blp.arguments(NewPerson)
@blp.response(201, contract.Person)
@refuses(blp, 409)
def register_person(data: dict[str, Any]) -> Any:
    """Row P2."""
    return order("people", "register_person", contract.RegisterPerson, data)


@blp.get("/<string:person_id>")
@needs("people.read")
@blp.response(200, contract.Person)
@refuses(blp, 404)
def get_person(person_id: str) -> Any:
    return ask("people", "get_person", {"id": person_id})


@blp.get("/<string:person_id>/view")
@needs("people.read")
@blp.response(200, PersonView)
@refuses(blp, 404)
def get_person_view(person_id: str) -> Any:
    """Row G1: the person and every section the user may see."""
    seconds = auth.current_config().view_seconds
    return person_view.gather(bus(), auth.context(seconds), person_id)


@blp.post("/<string:person_id>/addresses")
@needs("people.write")
@blp.arguments(contract.Address)
@blp.response(201, contract.Person)
@refuses(blp, 404)
def add_address(data: dict[str, Any], person_id: str) -> Any:
    """Row P4."""
    return order("people", "add_address", contract.Address, data, person_id=person_id)


@blp.post("/<string:person_id>/contacts")
@needs("people.write")
@blp.arguments(contract.Contact)
@blp.response(201, contract.Person)
@refuses(blp, 404)
def add_contact(data: dict[str, Any], person_id: str) -> Any:
    """Row P4."""
    return order("people", "add_contact", contract.Contact, data, person_id=person_id)
