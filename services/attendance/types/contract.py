"""Attendance types with their standard texts, and the company's options (row A4)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.shared.contract import Changing, key, list_of
from services.attendance.types.model.types import CRITICAL, MAX_ATTACHMENT, PRIORITIES, TYPE_KINDS
from services.chassis.inputs import Choice, Code, Flag, Id, Line, Text, Whole
from services.chassis.references import Reference
from services.chassis.schemas import Result, Strict


class StandardText(Strict):
    """A text with variables ({{pessoa}}, {{assunto}}...), for entries or for e-mails (`use`)."""

    id = key()
    name = Line(100, required=True)
    text = Text(20_000, required=True)
    use = Choice(("entry", "email"), load_default="entry")


class TypeFields(Strict):
    """Row A4. Null fields are inherited from the group above. `kind` never changes. `attachment_limit` in bytes."""

    kind = Choice(TYPE_KINDS, required=True)
    name = Line(100, required=True)
    parent_id = key(required=False)
    priority = Choice(PRIORITIES, load_default=None, allow_none=True)
    days_to_next_contact = Whole(0, 3_650, load_default=None, allow_none=True)
    colour = Code(r"#[0-9a-fA-F]{6}", load_default=None, allow_none=True)
    workflow_id = key(required=False)
    cycle_id = key(required=False)
    billing_workflow_id = key(required=False)
    attachments_allowed = Flag(load_default=False)
    attachment_limit = Whole(1, MAX_ATTACHMENT, load_default=MAX_ATTACHMENT)  # fmt: skip
    standard_texts = fields.List(fields.Nested(StandardText), load_default=list, validate=validate.Length(max=100))
    critical = Choice(CRITICAL, load_default="none")
    active = Flag(load_default=True)


class CreateType(TypeFields):
    id = key()


class ChangeType(TypeFields, Changing):
    id = Id(required=True)


class TypeSettings(Result):
    """The inheritable settings of a type, with inherited values filled in."""

    priority = Choice(PRIORITIES, allow_none=True)
    days_to_next_contact = fields.Integer(allow_none=True)
    colour = fields.String(allow_none=True)
    workflow = Reference("workflows", allow_none=True)
    cycle = Reference("cycles", allow_none=True)


class Type(Result):
    """The type as it was configured; `effective` has inherited values filled in."""

    id = fields.String()
    kind = Choice(TYPE_KINDS)
    name = fields.String()
    parent = Reference("types", allow_none=True)
    priority = Choice(PRIORITIES, allow_none=True)
    days_to_next_contact = fields.Integer(allow_none=True)
    colour = fields.String(allow_none=True)
    workflow = Reference("workflows", allow_none=True)
    cycle = Reference("cycles", allow_none=True)
    billing_workflow = Reference("workflows", allow_none=True)
    attachments_allowed = fields.Boolean()
    attachment_limit = fields.Integer()
    standard_texts = fields.List(fields.Nested(StandardText))
    critical = Choice(CRITICAL)
    active = fields.Boolean()
    version = fields.Integer()
    effective = fields.Nested(TypeSettings)


class OptionsFields(Strict):
    """Row A4: as types.model.options.Options."""

    default_type_id = key(required=False)
    opportunity_type_id = key(required=False)
    cycle_in_opportunities = Flag(load_default=False)


class ChangeOptions(OptionsFields, Changing):
    pass


class Options(Result):
    default_type = Reference("types", allow_none=True)
    opportunity_type = Reference("types", allow_none=True)
    cycle_in_opportunities = fields.Boolean()
    version = fields.Integer()


TypeList = list_of(Type, "TypeList")
