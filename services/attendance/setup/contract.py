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
    """The document. Sections are optional; records that it does not name stay as they are, and are reported."""

    format = Choice((FORMAT,), required=True)
    centers = fields.List(fields.Nested(CreateCenter), load_default=list, validate=SECTION_LIMIT)
    workflows = fields.List(fields.Nested(CreateWorkflow), load_default=list, validate=SECTION_LIMIT)
    cycles = fields.List(fields.Nested(CreateCycle), load_default=list, validate=SECTION_LIMIT)
    types = fields.List(fields.Nested(CreateType), load_default=list, validate=SECTION_LIMIT)
    options = fields.Nested(OptionsFields, load_default=None, allow_none=True)


class ApplyConfiguration(Strict):
    """`dry_run`: reports the changes without making them."""

    document = fields.Nested(Configuration, required=True)
    dry_run = Flag(load_default=False)


CHANGE_OUTCOMES = ("created", "changed", "unchanged", "unlisted")
SECTIONS = ("centers", "workflows", "cycles", "types", "options")


class ConfigurationChange(Result):
    """`outcome`: created, changed, unchanged, or unlisted (not in the document, and left as it is)."""

    section = Choice(SECTIONS)
    id = fields.String()
    outcome = Choice(CHANGE_OUTCOMES)


class ConfigurationReport(Result):
    applied = fields.Boolean()
    changes = fields.List(fields.Nested(ConfigurationChange))


class ConfigurationDocument(Result):
    document = json_object()
