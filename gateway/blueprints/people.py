"""Persons: find, register, change, inactivate, the person view and probable duplicates."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway import auth, person_view
from gateway.access import needs
from gateway.asking import ask, bus, order, seen_version
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses, versioned
from gateway.looks import looked
from services.attendance.contract import Attendance
from services.chassis.inputs import Flag, Id, Line
from services.chassis.schemas import Strict
from services.notifications.contract import Watcher
from services.people import contract
from services.sales.contract import Opportunity
from services.scheduling.contract import Appointment

blp = JsonBlueprint("people", __name__, url_prefix="/v1/persons", description="Pessoas")

NewPerson = contract.RegisterPerson(exclude=("import_key",))
PersonChange = contract.ChangePerson(exclude=("person_id", "version"))
Inactivation = contract.InactivatePerson(exclude=("person_id", "version"))


class SearchQuery(contract.SearchPersons):
    q = Line(150, load_default="")


class DuplicateQuery(PageQuery):
    person_id = Id(minimum=0, load_default=None, allow_none=True)


class ViewQuery(Strict):
    """`include_closed`: closed attendances and opportunities too, these with their outcome."""

    category = Id(minimum=0, load_default=None, allow_none=True)
    include_closed = Flag(load_default=False)


class PersonView(contract.OpenedPerson):
    """`options`: the sections offered. `unavailable`: sections that did not answer; `withheld`: not offered ones."""

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
    """Row P1: by code, words of the names, document, e-mail or last digits of a phone; active persons, or inactive."""
    return ask("people", "search_persons", data)


@blp.post("")
@needs("people.write")
@blp.arguments(NewPerson)
@blp.response(201, contract.RegisteredPerson)
@refuses(blp, 409)
def register_person(data: dict[str, Any]) -> Any:
    """Row P2; `warnings` names probable duplicates."""
    return order("people", "register_person", contract.RegisterPerson, data)


@blp.get("/duplicates")
@needs("people.read")
@blp.arguments(DuplicateQuery, location="query")
@blp.response(200, contract.DuplicatePage)
@refuses(blp)
def list_duplicates(data: dict[str, Any]) -> Any:
    """Row P2: pairs of persons who may be one, the likeliest first."""
    return ask("people", "list_duplicates", data)


@blp.get("/by-code/<int:code>")
@needs("people.read")
@blp.response(200, contract.Person)
@refuses(blp, 404)
def get_person_by_code(code: int) -> Any:
    """Row P1: active or not."""
    return ask("people", "get_person", {"code": code})


@blp.get("/<string:person_id>")
@needs("people.read")
@blp.response(200, contract.Person)
@refuses(blp, 404)
def get_person(person_id: str) -> Any:
    """A merged person's id answers the survivor, whose address is in Content-Location."""
    person = ask("people", "get_person", {"id": person_id})
    looked(person["id"], "record")
    answer = versioned(person)
    answer.headers["Content-Location"] = f"/v1/persons/{person['id']}"
    return answer


@blp.patch("/<string:person_id>")
@needs("people.write")
@blp.arguments(PersonChange)
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def change_person(data: dict[str, Any], person_id: str) -> Any:
    """Rows P2, P3: what is not given stays; If-Match guards against somebody else's change."""
    return order("people", "change_person", contract.ChangePerson, data, person_id=person_id, version=seen_version())


@blp.post("/<string:person_id>/inactivate")
@needs("people.write")
@blp.arguments(Inactivation)
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def inactivate_person(data: dict[str, Any], person_id: str) -> Any:
    """Row P7: hidden from searches that do not ask for inactive persons; never deleted."""
    schema = contract.InactivatePerson
    return order("people", "inactivate_person", schema, data, person_id=person_id, version=seen_version())


@blp.post("/<string:person_id>/reactivate")
@needs("people.write")
@blp.response(200, contract.Person)
@refuses(blp, 404, 409, 412)
def reactivate_person(person_id: str) -> Any:
    """Row P7."""
    schema = contract.ReactivatePerson
    return order("people", "reactivate_person", schema, {}, person_id=person_id, version=seen_version())


@blp.get("/<string:person_id>/view")
@needs("people.read")
@blp.arguments(ViewQuery, location="query")
@blp.response(200, PersonView)
@refuses(blp, 404)
def get_person_view(data: dict[str, Any], person_id: str) -> Any:
    """Rows G1, P6: the person, its options for the category, and every section offered."""
    seconds = auth.current_config().view_seconds
    view = person_view.gather(bus(), auth.context(seconds), person_id, data["category"], data["include_closed"])
    looked(view["person"]["id"], "view")
    return view
