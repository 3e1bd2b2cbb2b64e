"""The company's templates of quotes and visit sheets (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.inputs import Choice, Id, Line, Verbatim, Version
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict
from services.sales.templates.model import QUOTE as QUOTE
from services.sales.templates.model import TEMPLATE_KINDS as TEMPLATE_KINDS
from services.sales.templates.model import VISIT_SHEET as VISIT_SHEET

BODY_LENGTH = 100_000
SUBJECT_LENGTH = 200


def kind(**kwargs: Any) -> fields.String:
    return Choice(TEMPLATE_KINDS, **kwargs)


class TemplateTexts(Strict):
    """In the template language (docs/templates.md): `subject` is the document's title and the e-mail's subject, `body`
    is HTML."""

    subject = Line(SUBJECT_LENGTH, required=True)
    body = Verbatim(BODY_LENGTH, required=True)


class AddTemplate(TemplateTexts):
    kind = kind(required=True)
    name = Line(100, required=True)


class ChangeTemplate(Strict):
    """Changes the given fields only. `version`: refused unless it is the current one."""

    template_id = Id(required=True)
    name = Line(100)
    subject = Line(SUBJECT_LENGTH)
    body = Verbatim(BODY_LENGTH)
    version = Version()


class OneTemplate(Strict):
    template_id = Id(required=True)


class ListTemplates(Strict):
    kind = kind(load_default=None, allow_none=True)


class TemplateSummary(Result):
    """`default`: used where no template is named. `built_in`: every company has it, and it never changes."""

    id = fields.String()
    kind = Choice(TEMPLATE_KINDS)
    name = fields.String()
    subject = fields.String()
    default = fields.Boolean()
    built_in = fields.Boolean()
    updated_by = Reference(USERS, "updated_by_id", "updated_by", allow_none=True)
    updated_at = fields.DateTime(allow_none=True)
    version = fields.Integer()


class Template(TemplateSummary):
    body = fields.String()


class TemplateList(Result):
    items = fields.List(fields.Nested(TemplateSummary))


class DeletedTemplate(Result):
    id = fields.String()
