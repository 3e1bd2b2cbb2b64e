"""Who looked at a person's data (row P7, LGPD article 37)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Id, Moment
from services.chassis.schemas import Result, Strict, page_of

LOOKS = ("record", "view", "access_report", "export")


class RecordLook(Strict):
    """Sent one-way by the gateway when it has shown something of a person."""

    person_id = Id(required=True)
    what = Choice(LOOKS, required=True)
    at = Moment(required=True)


class RecordedLook(Result):
    id = fields.String(attribute="_id")


class Look(Result):
    id = fields.String(attribute="_id")
    person_id = fields.String()
    what = fields.String()
    user_id = fields.String()
    user_name = fields.String()
    at = fields.DateTime()
    request_id = fields.String()


LookPage = page_of(Look, "LookPage")
