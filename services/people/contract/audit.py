"""Who looked at a person's data (row P7, LGPD article 37)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text

LOOKS = ("record", "view", "access_report", "export")


class RecordLook(Strict):
    """Sent one-way by the gateway when it has shown something of a person."""

    person_id = text(64)
    what = fields.String(required=True, validate=validate.OneOf(LOOKS))
    at = fields.AwareDateTime(required=True)


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
