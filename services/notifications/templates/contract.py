"""Templates of e-mails (row N5)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Flag, Id, Line, Verbatim
from services.chassis.references import USERS, Reference, References
from services.chassis.schemas import Result, Strict, UTCDateTime
from services.notifications.templates.model import MOST_GRANTS

TEXT_LENGTH = 20_000


class AddMailTemplate(Strict):
    """In the template language (docs/templates.md); `text` is plain. Without users and roles everybody may use it."""

    name = Line(100, required=True)
    subject = Line(200, required=True)
    text = Verbatim(TEXT_LENGTH, required=True)
    user_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_GRANTS))
    role_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_GRANTS))


class ChangeMailTemplate(Strict):
    """Only what is given changes."""

    template_id = Id(required=True)
    name = Line(100)
    subject = Line(200)
    text = Verbatim(TEXT_LENGTH)
    user_ids = fields.List(Id(), validate=validate.Length(max=MOST_GRANTS))
    role_ids = fields.List(Id(), validate=validate.Length(max=MOST_GRANTS))


class GetMailTemplate(Strict):
    template_id = Id(required=True)


class DeleteMailTemplate(GetMailTemplate):
    pass


class ListMailTemplates(Strict):
    """Those that the asking user may use; `all`: every one, for who configures."""

    all = Flag(load_default=False)


class MailTemplate(Result):
    """`users` and `roles`: to whom it is granted."""

    id = fields.String()
    name = fields.String()
    subject = fields.String()
    text = fields.String()
    users = References(USERS, "user_ids")
    roles = References("roles", "role_ids")
    updated_by = Reference(USERS, "updated_by", "updated_by_name")
    updated_at = UTCDateTime()
    version = fields.Integer()


class MailTemplateList(Result):
    items = fields.List(fields.Nested(MailTemplate))


class DeletedMailTemplate(Result):
    id = fields.String()
