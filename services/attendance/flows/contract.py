"""Flows (row A5)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.shared.contract import ids
from services.chassis.inputs import Flag, Id, Line, Text
from services.chassis.references import USERS, References
from services.chassis.schemas import Result, Strict

MAX_USERS = 500


class FlowById(Strict):
    flow_id = Id(required=True)


class CreateFlow(Strict):
    """Row A5. The alias defaults to the name; `user_ids` may see and use the flow, by default only its creator."""

    name = Line(100, required=True)
    alias = Line(100, load_default="")
    description = Text(1000, load_default="")
    users = ids(MAX_USERS, load_default=None, allow_none=True, data_key="user_ids")
    active = Flag(load_default=True)


class ChangeFlow(Strict):
    """Row A5: fields that are left out stay as they are."""

    flow_id = Id(required=True)
    name = Line(100, minimum=1)
    alias = Line(100)
    description = Text(1000)
    users = ids(MAX_USERS, data_key="user_ids")


class ListFlows(Strict):
    """Flows that the user may use; with `manage` all of the company (needs `attendance.configure`)."""

    manage = Flag(load_default=False)
    include_inactive = Flag(load_default=False)


class FlowAmount(Result):
    currency = fields.String()
    amount = fields.String(metadata={"format": "decimal"})


class FlowTotals(Result):
    """Row A13: numbers of attendances by filing; of the active ones, quotes in approval and their amounts."""

    active = fields.Integer()
    archived = fields.Integer()
    trashed = fields.Integer()
    quotes_in_approval = fields.Integer()
    in_approval = fields.List(fields.Nested(FlowAmount))


class Flow(Result):
    id = fields.String()
    name = fields.String()
    alias = fields.String()
    description = fields.String()
    users = References(USERS)
    active = fields.Boolean()
    created_at = fields.DateTime()
    version = fields.Integer()


class FlowWithTotals(Flow):
    """`totals` is null for a user who sees only some of the flow's attendances, or only configures it."""

    totals = fields.Nested(FlowTotals, allow_none=True)


class Flows(Result):
    items = fields.List(fields.Nested(FlowWithTotals))
