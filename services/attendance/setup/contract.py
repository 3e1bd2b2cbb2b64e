"""A company's whole configuration as one document, for teams that keep it in git."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.centers.contract import CreateCenter
from services.attendance.cycles.contract import CreateCycle
from services.attendance.types.contract import CreateType, OptionsFields
from services.attendance.workflow.contract import CreateWorkflow
from services.chassis.inputs import Choice, Flag
from services.chassis.schemas import Result, Strict, json_object

FORMAT = "vinculo-attendance/1"
SECTION_LIMIT = validate.Length(max=500)


class Configuration(Strict):
    """Every section may be left out; what a document does not name is left as it is, and reported."""

    format = Choice((FORMAT,), required=True)
    centers = fields.List(fields.Nested(CreateCenter), load_default=list, validate=SECTION_LIMIT)
    workflows = fields.List(fields.Nested(CreateWorkflow), load_default=list, validate=SECTION_LIMIT)
    cycles = fields.List(fields.Nested(CreateCycle), load_default=list, validate=SECTION_LIMIT)
    types = fields.List(fields.Nested(CreateType), load_default=list, validate=SECTION_LIMIT)
    options = fields.Nested(OptionsFields, load_default=None, allow_none=True)


class ApplyConfiguration(Strict):
    """`dry_run`: says what would change, and changes nothing."""

    document = fields.Nested(Configuration, required=True)
    dry_run = Flag(load_default=False)


class ConfigurationChange(Result):
    """`outcome`: created, changed, unchanged, or unlisted (there, and not in the document: left alone)."""

    section = fields.String()
    id = fields.String()
    outcome = fields.String()


class ConfigurationReport(Result):
    applied = fields.Boolean()
    changes = fields.List(fields.Nested(ConfigurationChange))


class ConfigurationDocument(Result):
    document = json_object()
