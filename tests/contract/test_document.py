"""The document is true to what goes over the wire, so that a client made from it fits: schemas of both ways, words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import jsonschema_rs

from gateway.http.document import parameters
from gateway.http.document.answers import PLACE, operations, schemas_named_in, separate_sent_from_answered
from services.attendance.drafts.contract import DraftContent
from services.attendance.entries.contract import ENTRY_KINDS
from services.people.imports.contract import ImportCounts
from services.people.merging.contract import MergeAdded
from services.sales.actions.contract import KINDS as ACTION_KINDS
from tests.support.api_document import (
    answered_schemas,
    document,
    kinds,
    parts,
    schemas,
    sent_schemas,
)

# What says in which state, or of which kind, a record is: a client shows or decides by it.
WORD = re.compile(r"(?:\w+_)?(?:status|state|kind|outcome|legend|situation|filed|priority|critical|channel|regime)")
# "<schema>.<field>": whose words these are instead.
OPEN = {
    "Problem.status": "the status of HTTP",
    "Address.state": "the UF of an address, whose table is not ours",
    "City.state": "a UF",
    "PostAddress.state": "a UF",
    "MailingAudience.state": "a UF",
    "FiscalPlace.state": "a UF",
    "Person.state_registration_state": "a UF",
    "RegisteredPerson.state_registration_state": "a UF",
    "MergePreview.state": "a UF",
    "Appointment.kind": "the company's own words",
    "AgendaAppointment.kind": "the company's own words",
    "Contract.billing_kind": "the company's own words",
    "Settings.surplus_billing_kind": "the company's own words",
}

# What an answer has only where there is something to say.
# Lists whose count may be asked for.
COUNTED = (
    "Action",
    "Agenda",
    "Appointment",
    "Attendance",
    "CommissionEntry",
    "CompanyAction",
    "CompanyAttendance",
    "Contract",
    "Draft",
    "Nfe",
    "Opportunity",
    "Order",
    "Quote",
    "Receivable",
    "ServiceInvoice",
    "ServiceOrder",
    "Watcher",
)
SOMETIMES = (
    *(
        f"Problem.{name}"
        for name in (
            "fields",
            "fields_omitted",
            "params",
            "current_version",
            "changed_by",
            "changed_at",
            "changed_fields",
        )
    ),
    *(f"WorkflowItem.{name}" for name in ("question", "answers", "center", "next")),
    *(f"DraftContent.{name}" for name in DraftContent().fields),
    *(f"MergeAdded.{name}" for name in MergeAdded().fields),
    *(f"ImportCounts.{name}" for name in ImportCounts().fields),
    *(f"FiscalCertificate.{name}" for name in ("subject", "cnpj", "valid_from", "valid_until", "fingerprint")),
    *(f"{name}Page.{one}" for name in COUNTED for one in ("count", "exact")),
    "OpportunityPage.legends",
    "User.live_keys",
)


def test_what_is_sent_and_what_is_answered_are_schemas_of_their_own() -> None:
    assert answered_schemas() & sent_schemas() == set()
    assert schemas().keys() == answered_schemas() | sent_schemas()


def test_a_decimal_is_answered_as_text_and_sent_as_text_or_number() -> None:
    amounts = [
        (name, one) for name in schemas() for one in parts(schemas()[name])
        if one.get("format") == "decimal" or ("type" in one and {"string", "number"} <= kinds(one))
    ]  # fmt: skip
    assert len(amounts) > 40
    for name, one in amounts:
        fitting = {"string"} if name in answered_schemas() else {"string", "number"}
        assert kinds(one) - {"null"} == fitting, (name, one)
    for name in answered_schemas():
        assert "number" not in {kind for one in parts(schemas()[name]) if "type" in one for kind in kinds(one)}, name


def test_every_field_of_an_answer_is_required_unless_it_is_there_only_sometimes() -> None:
    found = {name: schemas()[name] for name in answered_schemas() if "properties" in schemas()[name]}
    assert len(found) > 150
    left = [f"{name}.{one}" for name, schema in found.items()
            for one in schema["properties"].keys() - {*schema.get("required", ())}]  # fmt: skip
    assert sorted(left) == sorted(SOMETIMES)


def test_no_answer_has_a_default_and_nothing_read_only_is_sent() -> None:
    assert [name for name in answered_schemas() for one in parts(schemas()[name]) if "default" in one] == []
    assert [name for name in sent_schemas() for one in parts(schemas()[name]) if one.get("readOnly")] == []


def test_the_words_of_a_state_or_kind_are_enumerated() -> None:
    found = {
        f"{name}.{field}" for name in answered_schemas() for field, one in schemas()[name].get("properties", {}).items()
        if WORD.fullmatch(field) and not any("enum" in part or "$ref" in part for part in parts(one))
    }  # fmt: skip
    assert found - OPEN.keys() == set()


def test_an_action_is_an_entry_of_its_conversation_under_the_same_kind() -> None:
    assert set(ACTION_KINDS) <= set(ENTRY_KINDS)


def test_one_schema_of_both_ways_becomes_two() -> None:
    email = {"type": "object", "required": ["address"], "properties": {
        "address": {"type": "string", "maxLength": 254}, "main": {"type": "boolean", "default": False},
        "id": {"type": "string", "readOnly": True}, "rate": {"type": ["string", "number"], "maximum": 9.0},
        "note": {"type": "string", "x-sometimes": True},
    }}  # fmt: skip
    body = {"content": {"application/json": {"schema": {"$ref": PLACE + "Email"}}}}
    made: dict[str, Any] = {"paths": {"/emails": {"post": {"requestBody": body, "responses": {"201": body}}}},
            "components": {"schemas": {"Email": email}}}  # fmt: skip
    separate_sent_from_answered(made)
    given, answer = made["components"]["schemas"]["EmailInput"], made["components"]["schemas"]["Email"]
    assert given["properties"].keys() == {"address", "main", "rate", "note"}
    assert given["required"] == ["address"]
    assert answer["required"] == ["address", "id", "main", "rate"]
    assert answer["properties"]["rate"] == {"type": "string", "format": "decimal"}
    assert answer["properties"]["main"] == {"type": "boolean"}
    operation = made["paths"]["/emails"]["post"]
    assert [*schemas_named_in(operation["requestBody"])] == ["EmailInput"]
    assert [*schemas_named_in(operation["responses"])] == ["Email"]


def test_every_schema_is_json_schema_and_its_own_example_and_default_fit_it() -> None:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    registry = jsonschema_rs.Registry([("urn:document", {**dialect, **document()})])
    for part in parts(document()):
        values = [part[name] for name in ("default", "example") if name in part]
        values += [*part.get("examples", ()), *part.get("enum", ())]
        if values and ("type" in part or "anyOf" in part):
            absolute = json.loads(json.dumps(part).replace('"#/', '"urn:document#/'))
            checks = jsonschema_rs.Draft202012Validator({**dialect, **absolute}, registry=registry)
            assert [value for value in values if not checks.is_valid(value)] == [], part


def test_every_example_of_a_body_fits_the_schema_beside_it() -> None:
    registry = jsonschema_rs.Registry([("urn:document", document())])
    bodies = [part for part in parts(document()) if "schema" in part and "example" in part]
    assert len(bodies) > 130
    for body in bodies:
        named = json.loads(json.dumps(body["schema"]).replace('"#/', '"urn:document#/'))
        problems = jsonschema_rs.Draft202012Validator(named, registry=registry).iter_errors(body["example"])
        assert [problem.message for problem in problems] == [], body["example"]


def test_every_pattern_is_one_of_ecma_262() -> None:
    """Python's own signs mean something else there, or nothing; Node, where it is, compiles them all."""
    found = sorted({one["pattern"] for one in parts(document()) if isinstance(one.get("pattern"), str)})
    assert len(found) > 10
    for pattern in found:
        assert re.search(r"\\[AZ]|\(\?[P#a-zA-Z(>]|\(\?<|[*+?}]\+", pattern) is None, pattern
    node = shutil.which("node")
    if node:
        script = f"for (const one of {json.dumps(found)}) new RegExp(one, 'u')"
        assert subprocess.run([node, "-e", script], capture_output=True, text=True).stderr == ""


def test_formats_are_those_of_the_registry() -> None:
    known = {"date", "date-time", "email", "decimal", "binary", "uri", "uuid"}
    assert {one["format"] for one in parts(document()) if isinstance(one.get("format"), str)} <= known


def test_bounds_are_numbers_of_what_can_be_a_number() -> None:
    for part in parts(document()):
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if bound in part and "type" in part:
                assert isinstance(part[bound], int | float), part
                assert {"integer", "number"} & kinds(part), part
        for bound in ("minLength", "maxLength"):
            assert bound not in part or "object" not in kinds(part), part


def test_what_a_parameter_means_is_said_in_portuguese_once_for_each_name() -> None:
    told = [(one["operationId"], asked) for _, _, one in operations(document()) for asked in one.get("parameters", ())]
    told += [(path, asked) for path, one in document()["paths"].items() for asked in one.get("parameters", ())]
    assert [(name, asked["name"]) for name, asked in told if len(asked.get("description", "")) < 10] == []
    english = re.compile(r"\b(the|of|and|whose|only|with|by)\b")
    assert [asked["name"] for _, asked in told if english.search(asked["description"])] == []
    names = {asked["name"] for _, asked in told if asked["in"] == "query"}
    assert parameters.QUERY.keys() <= names, "a word that nothing asks for"
    asked_by = {f"{name} {asked['name']}" for name, asked in told}
    assert parameters.OF_ONE.keys() <= asked_by
    assert parameters.PATH.keys() <= {asked["name"] for _, asked in told if asked["in"] == "path"}
