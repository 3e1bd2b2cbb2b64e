"""The company's rule for messages received from customers (row N10)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Flag, Id
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict


class ChangeReceivingRule(Strict):
    """Fields that are left out stay. `joins_open`: a message that answers nothing goes to the person's latest open
    attendance, if its sender is certain. `opens`: else a new attendance is opened, of `type_id`, for `responsible_id`;
    without it the message waits among those that are unassigned."""

    joins_open = Flag()
    opens = Flag()
    type_id = Id(allow_none=True)
    responsible_id = Id(allow_none=True)


class ReceivingRule(Result):
    joins_open = fields.Boolean()
    opens = fields.Boolean()
    type = Reference("types", allow_none=True)
    responsible = Reference(USERS, allow_none=True)
    version = fields.Integer()
