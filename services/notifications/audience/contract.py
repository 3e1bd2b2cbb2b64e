"""The preview of an entry's notifications (row N8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import EmailAddress, Flag, Id
from services.chassis.references import Named
from services.chassis.schemas import Result, Strict
from services.notifications.audience.model import REASONS, ROLES
from services.notifications.deliveries.model import CHANNELS
from services.notifications.watching.model import MODES
from services.notifications.whatsapp.contract import Number


class GetAudience(Strict):
    """An entry about the person, in the attendance where there is one. `customer`: the address of the customer's copy;
    `to`: the recipients of an e-mail; `whatsapp`: the number of a free message; `watchers`: whether they are told."""

    person_id = Id(required=True)
    attendance_id = Id(load_default=None, allow_none=True)
    customer = EmailAddress(load_default=None, allow_none=True)
    to = fields.List(EmailAddress(), load_default=list, validate=validate.Length(max=20))
    whatsapp = Number(load_default=None, allow_none=True)
    watchers = Flag(load_default=True)


class AudienceMember(Result):
    """`reason` is a code, and `explanation` its words, where nothing would be sent; `why` says why it would."""

    role = fields.String(validate=validate.OneOf(ROLES))
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    recipient = fields.String()
    user = fields.Nested(Named, allow_none=True)
    mode = fields.String(validate=validate.OneOf(MODES))
    why = fields.String()
    suppressed = fields.Boolean()
    reason = fields.String(allow_none=True, validate=validate.OneOf(tuple(REASONS)))
    explanation = fields.String(allow_none=True)


class Audience(Result):
    """`more`: the person has more watchers than are named."""

    items = fields.List(fields.Nested(AudienceMember))
    more = fields.Boolean()
