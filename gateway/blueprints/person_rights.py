"""Merging records of one person, and the rights of persons over their data (row P7)."""

from __future__ import annotations

from typing import Any

from flask import Response, stream_with_context

from gateway import auth, person_report
from gateway.access import needs
from gateway.asking import ask, bus, order
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses
from gateway.looks import looked
from services.chassis.inputs import Id, Line
from services.chassis.schemas import Strict
from services.people import contract

blp = JsonBlueprint("person_rights", __name__, url_prefix="/v1", description="União de cadastros e direitos do titular")


class MergePreviewQuery(Strict):
    """`take`: fields in conflict of which the other person's value is to stay, by commas."""

    person_id = Id(required=True)
    take = Line(1000, load_default="")


@blp.get("/persons/<string:survivor_id>/merge-preview")
@needs("people.configure")
@blp.arguments(MergePreviewQuery, location="query")
@blp.response(200, contract.MergePreview)
@refuses(blp, 404, 409)
def get_merge_preview(data: dict[str, Any], survivor_id: str) -> Any:
    """How the survivor will look: what it gets, and in what both differ."""
    take = [name.strip() for name in data["take"].split(",") if name.strip()]
    asked = {"survivor_id": survivor_id, "person_id": data["person_id"], "take": take}
    return ask("people", "get_merge_preview", asked)


@blp.post("/persons/<string:survivor_id>/merge")
@needs("people.configure")
@blp.arguments(contract.MergePersons(exclude=("survivor_id",)))
@blp.response(200, contract.Person)
@refuses(blp, 404, 409)
def merge_persons(data: dict[str, Any], survivor_id: str) -> Any:
    """The person of the body goes into the survivor of the path; with the versions that the preview showed."""
    return order("people", "merge_persons", contract.MergePersons, data, survivor_id=survivor_id)


@blp.post("/persons/<string:person_id>/unmerge")
@needs("people.configure")
@blp.response(200, contract.Unmerged)
@refuses(blp, 404, 409)
def unmerge_person(person_id: str) -> Any:
    """By the id of the person that was merged into another."""
    return order("people", "unmerge_person", contract.UnmergePerson, {}, person_id=person_id)


@blp.get("/persons/<string:person_id>/merged")
@needs("people.read")
@blp.response(200, contract.MergedPersons)
@refuses(blp, 404)
def list_merged_persons(person_id: str) -> Any:
    """Who was merged into this person."""
    return ask("people", "list_merged_persons", {"id": person_id})


@blp.get("/persons/<string:person_id>/consents")
@needs("people.read")
@blp.response(200, contract.ConsentList)
@refuses(blp, 404)
def list_consents(person_id: str) -> Any:
    """What is in force, by purpose and channel."""
    return ask("people", "list_consents", {"person_id": person_id})


@blp.post("/persons/<string:person_id>/consents")
@needs("people.write")
@blp.arguments(contract.DecideConsent(exclude=("person_id",)))
@blp.response(201, contract.ConsentList)
@refuses(blp, 404, 409)
def decide_consent(data: dict[str, Any], person_id: str) -> Any:
    """Given or withdrawn."""
    return order("people", "decide_consent", contract.DecideConsent, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/consent-history")
@needs("people.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.ConsentPage)
@refuses(blp, 404)
def list_consent_history(data: dict[str, Any], person_id: str) -> Any:
    return ask("people", "list_consent_history", {**data, "person_id": person_id})


@blp.get("/consent-purposes")
@needs("people.read")
@blp.response(200, contract.PurposeList)
@refuses(blp)
def list_consent_purposes() -> Any:
    return ask("people", "list_consent_purposes", {})


@blp.post("/consent-purposes")
@needs("people.configure")
@blp.arguments(contract.AddPurpose)
@blp.response(201, contract.Purpose)
@refuses(blp, 409)
def add_consent_purpose(data: dict[str, Any]) -> Any:
    return order("people", "add_consent_purpose", contract.AddPurpose, data)


@blp.get("/persons/<string:person_id>/access-report")
@needs("people.administer")
@blp.file("NDJSON: every row held of the person, then a last line", "application/x-ndjson")
@refuses(blp, 404)
def get_access_report(person_id: str) -> Response:
    """LGPD, article 18, II: all that the five services hold of the person; the last line says if it is complete."""
    person = ask("people", "get_person", {"id": person_id})
    lines = person_report.run(bus(), auth.context(), person["id"])
    looked(person["id"], "access_report")
    answer = Response(stream_with_context(lines), content_type="application/x-ndjson")
    answer.headers["Content-Disposition"] = f'attachment; filename="pessoa-{person["code"]}.ndjson"'
    return answer


@blp.post("/persons/<string:person_id>/erasure")
@needs("people.administer")
@blp.arguments(contract.ErasePerson(exclude=("person_id",)))
@blp.response(202, contract.Erasure)
@refuses(blp, 404, 409)
def erase_person(data: dict[str, Any], person_id: str) -> Any:
    """LGPD, article 18, VI: asks every service to erase the person's data. It cannot be undone."""
    return order("people", "erase_person", contract.ErasePerson, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/erasure")
@needs("people.administer")
@blp.response(200, contract.Erasure)
@refuses(blp, 404)
def get_erasure(person_id: str) -> Any:
    """Each service's receipt: what was erased, what became anonymous, what the law keeps and why."""
    return ask("people", "get_erasure", {"person_id": person_id})


@blp.get("/persons/<string:person_id>/looks")
@needs("people.administer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.LookPage)
@refuses(blp, 404)
def list_looks(data: dict[str, Any], person_id: str) -> Any:
    """Who looked at the person's data, newest first."""
    return ask("people", "list_looks", {**data, "person_id": person_id})
