"""Who looked at a person's data (row P7, LGPD article 37)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Id, Moment, Verbatim
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, page_of

LOOKS = ("record", "view", "access_report", "export")


MOST_LOOKS = 500


class RecordLook(Strict):
    """Sent one-way by the gateway when it has shown something of a person."""

    person_id = Id(required=True)
    what = Choice(LOOKS, required=True)
    at = Moment(required=True)


class RecordedLook(Result):
    id = fields.String(attribute="_id")


class SeenLook(RecordLook):
    """`id`: of the look, made by the gateway."""

    id = Id(required=True)
    user_id = Id(required=True)
    user_name = Verbatim(1_000, required=True, minimum=0)
    request_id = Id(required=True)


class RecordLooks(Strict):
    """Sent one-way by the gateway: what it has shown of persons of one company since the last such message."""

    looks = fields.List(fields.Nested(SeenLook), required=True, validate=validate.Length(min=1, max=MOST_LOOKS))


class RecordedLooks(Result):
    recorded = fields.Integer()


class Look(Result):
    id = fields.String(attribute="_id")
    person_id = fields.String()
    what = fields.String()
    by = Reference(USERS, "user_id", "user_name")
    at = fields.DateTime()
    request_id = fields.String()


LookPage = page_of(Look, "LookPage")
